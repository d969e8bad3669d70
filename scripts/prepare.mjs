/**
 * Builds `dist` where it is missing: npm runs this after an install in a checkout, and before it packs what was asked for by
 * a git address. Nothing is done where the tools to build are not installed, as after `npm ci --omit=dev`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const isBuilt = existsSync('dist/index.js');
const canBuild = existsSync('node_modules/typescript') && existsSync('node_modules/rolldown');
if (!isBuilt && canBuild)
  process.exitCode = spawnSync('npm run build', { shell: true, stdio: 'inherit' }).status ?? 1;
