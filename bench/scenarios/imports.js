/** What it takes to load a package, and to have it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SPREAD, spread, table } from '../lib/markdown.js';
import { installed } from '../lib/packages.js';
import { MEASURED_CORE, output } from '../lib/process.js';
import { shuffled } from '../lib/statistics.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = fileURLToPath(new URL('..', import.meta.url));
const OURS = new URL('../../dist/index.js', import.meta.url).href;

/** What a table calls it, what is imported, and what has to be there besides: a package asks its users for its peers. */
const PACKAGES = [
  ['node:http alone, again (A/A)', 'node:http'],
  ['**allswell**', OURS],
  ['@godaddy/terminus'],
  ['lightship'],
  ['@fastify/under-pressure', '@fastify/under-pressure', 'fastify'],
  ['fastify-healthcheck', 'fastify-healthcheck', 'fastify'],
  ['@nestjs/terminus', '@nestjs/terminus', '@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'],
  ['@adonisjs/health'],
  ['@cloudnative/health-connect'],
  ['express-actuator', 'express-actuator', 'express'],
  ['maikai'],
  ['medicus'],
];

/** node:http comes first, because a service has it anyway. */
const script = (specifier) => `
  import 'node:http';
  const before = process.cpuUsage();
  await import(${JSON.stringify(specifier)});
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);
  process.exit();
`;

async function importMs(specifier) {
  const args = ['--input-type=module', '-e', script(specifier)];
  return Number(await output(MEASURED_CORE, process.execPath, args, 30_000, { cwd: BENCH }));
}

/** What `npm install allswell` brings: the files of its tarball. */
function packed() {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ unpackedSize }] = JSON.parse(String(spawnSync('npm', args, { cwd: ROOT }).stdout));
  return { packages: 1, bytes: unpackedSize };
}

function sizeCells(specifier, needed) {
  if (specifier === 'node:http') return ['', ''];
  const { packages, bytes } = specifier === OURS ? packed() : installed(specifier, ...needed);
  return [packages, `${(bytes / 1000).toFixed(0)} kB`];
}

export async function imports({ rounds, log }) {
  const times = PACKAGES.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const index of shuffled([...PACKAGES.keys()])) {
      const [name, specifier = name] = PACKAGES[index];
      times[index].push(await importMs(specifier));
    }
    log(`round ${round} of ${rounds}`);
  }
  const rows = PACKAGES.map(([name, specifier = name, ...needed], index) => [
    name,
    ...spread(times[index], 1),
    ...sizeCells(specifier, needed),
  ]);
  const heads = SPREAD.map((head) => `import, ms of CPU: ${head}`);
  return table(['package', ...heads, 'packages', 'installed'], rows);
}
