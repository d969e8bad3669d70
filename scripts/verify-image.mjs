/**
 * Proves the Dockerfile without a container engine: replays its stages from a clean clone, then runs what the image would
 * hold, as the image's user and with only its own files, against a real PostgreSQL.
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalDatabase } from '../build/examples/app/local-database.js';
import { checkContent } from './image/content.mjs';
import { readDockerfile, readImage } from './image/dockerfile.mjs';
import { rehearse } from './image/rehearse.mjs';
import { keepOnly, replay } from './image/replay.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));
const startedAt = performance.now();

/** One line for each thing that was seen to hold. */
function say(text) {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

const folder = await mkdtemp(join(tmpdir(), 'allswell-image-'));
let database;
try {
  await chmod(folder, 0o755); // the image's user has to get in
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', repository, clone]);
  if (execFileSync('git', ['status', '--porcelain'], { cwd: repository, encoding: 'utf8' }) !== '')
    say('Note: what is not committed is not part of this.');
  const stages = readDockerfile(await readFile(join(clone, 'Dockerfile'), 'utf8'));
  const image = readImage(stages.at(-1));
  const root = await replay(stages, { context: clone, folder, say });
  await checkContent({ image, root, say });
  await keepOnly(folder, root);
  database = await startLocalDatabase();
  await rehearse({ image, root, database, say });
  say('The image holds.');
} catch (error) {
  console.error(`verify:image failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
}
