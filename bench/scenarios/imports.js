/** What it takes to load a package, and to have it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SPREAD, spread, table, verdict } from '../lib/markdown.js';
import { installed } from '../lib/packages.js';
import { MEASURED_CORE, output } from '../lib/process.js';
import { median, shuffled } from '../lib/statistics.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BENCH = fileURLToPath(new URL('..', import.meta.url));
const OURS = new URL('../../dist/index.js', import.meta.url).href;

/** What a table calls it, what is imported, and what has to be there besides: a package asks its users for its peers. */
const PACKAGES = [
  ['node:http alone, again (A/A)', 'node:http'],
  ['**allswell**', OURS],
  ['express, what services have anyway', 'express', 'express'],
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

/** What importing allswell may cost, as a share of importing another package in the same round. */
const BOUNDS = { express: 0.15, '@godaddy/terminus': 1 };

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

const specifierOf = ([name, specifier = name]) => specifier;

export async function imports({ rounds, log }) {
  const times = new Map(PACKAGES.map((each) => [specifierOf(each), []]));
  for (let round = 1; round <= rounds; round++) {
    for (const specifier of shuffled([...times.keys()])) times.get(specifier).push(await importMs(specifier));
    log(`round ${round} of ${rounds}`);
  }
  /** One ratio a round, so that whatever else the machine did hit both. */
  const ratios = (specifier, other) => times.get(specifier).map((ms, round) => ms / times.get(other)[round]);
  const ours = Object.entries(BOUNDS).map(
    ([other, bound]) => `${verdict(ratios(OURS, other), bound)} (÷ ${other})`,
  );
  const rows = PACKAGES.map(([name, specifier = name, ...needed]) => [
    name,
    ...spread(times.get(specifier), 1),
    `**${median(ratios(specifier, 'express')).toFixed(3)}**`,
    ...sizeCells(specifier, needed),
    specifier === OURS ? ours.join('; ') : '',
  ]);
  const heads = SPREAD.map((head) => `import, ms of CPU: ${head}`);
  return table(['package', ...heads, '÷ express', 'packages', 'installed', 'bound'], rows);
}
