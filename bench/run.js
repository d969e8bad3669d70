/**
 * Measures allswell beside its peers and prints Markdown.
 *
 *   npm run bench                                all of it, about twenty minutes
 *   npm run bench -- --rounds 3 --only cached    some of it, soon
 *   npm run bench -- --write                     all of it, into docs/benchmarks.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { generator } from './lib/load.js';
import { version } from './lib/packages.js';
import { placement } from './lib/process.js';
import { measureRounds, ratioTable } from './lib/rounds.js';
import { CACHED, CACHED_EXPRESS, MANY, UNCACHED } from './lib/variants.js';
import { captures } from './scenarios/captures.js';
import { floods } from './scenarios/flood.js';
import { herd } from './scenarios/herd.js';
import { hung } from './scenarios/hung.js';
import { imports } from './scenarios/imports.js';
import { foreign, growth, redaction, scrape } from './scenarios/in-process.js';
import { thread } from './scenarios/thread.js';

const DOCUMENT = new URL('../docs/benchmarks.md', import.meta.url);
const PEERS = [
  '@godaddy/terminus',
  'lightship',
  '@fastify/under-pressure',
  'fastify-healthcheck',
  '@nestjs/terminus',
  '@adonisjs/health',
  '@cloudnative/health-connect',
  'express-actuator',
  'maikai',
  'medicus',
  'express',
  'fastify',
];

const rounds = (variants, workload) => async (options) =>
  ratioTable(await measureRounds(variants, workload, options));

const SCENARIOS = {
  cached: ['A cached answer ÷ the floor', rounds(CACHED, { cacheMs: 1000 })],
  express: ['A cached answer behind Express ÷ the Express floor', rounds(CACHED_EXPRESS, { cacheMs: 1000 })],
  uncached: ['Three trivial checks, run for each request ÷ the floor', rounds(UNCACHED, { cacheMs: 0 })],
  many: ['1 000 checks ÷ a constant of the same body', rounds(MANY, { checks: 1000 })],
  foreign: ['A request that is not ours', foreign],
  herd: ['A check of 50 ms, probed over 100 connections', herd],
  hung: ['A check that never settles', hung],
  growth: ['Growth with the number of checks', growth],
  scrape: ['A scrape ÷ prom-client alone with the same series', scrape],
  redaction: ['Redaction of a message', redaction],
  flood: ['Many scrapes and pages at once', floods],
  thread: ['A listener in a thread', thread],
  captures: ['A cached answer after a hundred stacks were taken', captures],
  imports: ['Import and installation', imports],
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) },
    write: { type: 'boolean', default: false },
  },
});

function wholeNumber(name, lowest, highest) {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
  throw new RangeError(
    `Expected --${name} to be a whole number from ${lowest} to ${highest}, got ${values[name]}`,
  );
}

const unknown = values.only.filter((name) => !Object.hasOwn(SCENARIOS, name));
if (unknown.length > 0)
  throw new RangeError(`Unknown scenario ${unknown}; there are ${Object.keys(SCENARIOS).join(', ')}`);
const options = { rounds: wholeNumber('rounds', 1, 99), seconds: wholeNumber('seconds', 1, 60) };

function setting() {
  const versions = PEERS.map((name) => `${name} ${version(name)}`).join(', ');
  return [
    `${options.rounds} rounds of ${options.seconds} s, in an order that chance makes; Node ${process.versions.node}, ` +
      `${os.type()}, ${os.cpus().length} × ${os.cpus()[0].model.trim()}, ${generator}; ${placement}. ` +
      `Load average before it began: ${os.loadavg()[0].toFixed(1)}.`,
    `Peers: ${versions}.`,
  ].join('\n\n');
}

async function part(name) {
  const [title, measure] = SCENARIOS[name];
  const log = (progress) => process.stderr.write(`${name}: ${progress}\n`);
  try {
    return `## ${title}\n\n${await measure({ ...options, log })}`;
  } catch (thrown) {
    // What was measured before took minutes: it is not thrown away.
    log(thrown.stack);
    process.exitCode = 1;
    return `## ${title}\n\nNot measured: ${thrown.message}`;
  }
}

function write(text) {
  const document = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->'];
  const head = document.slice(0, document.indexOf(begin) + begin.length);
  writeFileSync(DOCUMENT, `${head}\n\n${text}\n\n${document.slice(document.indexOf(end))}`);
}

const parts = [setting()];
for (const name of values.only) parts.push(await part(name));
const text = parts.join('\n\n');
process.stdout.write(`${text}\n`);
if (values.write) write(text);
process.exit();
