/** Scenarios that a process measures by itself: a fresh process for each round, and the rounds together in a table. */
import { SPREAD, spread, table, verdict } from '../lib/markdown.js';
import { measureIn } from '../lib/process.js';
import { median } from '../lib/statistics.js';

async function inRounds({ rounds, log }, file, argument, nodeArgs) {
  const results = [];
  for (let round = 1; round <= rounds; round++) {
    results.push(await measureIn(new URL(file, import.meta.url).href, argument, nodeArgs));
    log(`${JSON.stringify(argument)} round ${round} of ${rounds}`);
  }
  return results;
}

export async function foreign(options) {
  const results = await inRounds(options, 'foreign.js', {});
  const parts = [foreignTable(results, 'express', 'an Express application')];
  parts.push(foreignTable(results, 'bare', 'a bare listener'));
  return parts.join('\n\n');
}

function foreignTable(results, part, what) {
  const baseUs = median(results.map((result) => result[part][0].baseUs));
  const rows = results[0][part].slice(1).map(({ name, bound }, index) => {
    const added = results.map((result) => result[part][index + 1].addedUs);
    return [name, ...spread(added, 2), bound === undefined ? '' : verdict(added, bound)];
  });
  const heads = SPREAD.map((each) => `µs added: ${each}`);
  return table([`in front of ${what} of ${baseUs.toFixed(1)} µs`, ...heads, 'bound'], rows);
}

export async function growth(options) {
  const rows = [];
  for (const count of [1, 10, 100, 1000])
    rows.push(growthRow(count, await inRounds(options, 'growth.js', { count }, ['--expose-gc'])));
  const runs = SPREAD.map((each) => `µs per run: ${each}`);
  const others = ['checks that return at once', 'by hand', '@adonisjs/health'];
  const heap = ['heap per check, B', 'and its history, B'];
  return table(
    ['checks', ...runs, ...others, 'µs per cached report', 'µs per change of one', ...heap, 'bound'],
    rows,
  );
}

function growthRow(count, results) {
  const middle = (name, digits) => median(results.map((result) => result[name])).toFixed(digits);
  const runs = results.map(({ promisedUs }) => promisedUs);
  const bytes = results.map(({ reportedBytes, historyBytes }) => reportedBytes - historyBytes);
  const bound = `run ${verdict(runs, 5)}; heap ${verdict(bytes, 1500, 0)}`;
  return [
    count,
    ...spread(runs, 2),
    middle('atOnceUs', 2),
    middle('byHandUs', 2),
    middle('adonisUs', 2),
    middle('cachedUs', 2),
    middle('changeUs', 2),
    median(bytes).toFixed(0),
    middle('historyBytes', 0),
    count === 1000 ? bound : '',
  ];
}

export async function scrape(options) {
  const rows = [];
  for (const count of [10, 100, 1000])
    rows.push(scrapeRow(count, await inRounds(options, 'scrape.js', { count })));
  const head = [
    'checks',
    'series',
    'text',
    ...SPREAD,
    'prom-client again (A/A)',
    'when all checks run',
    'bound',
  ];
  return table(head, rows);
}

function scrapeRow(count, results) {
  const { series, bytes } = results[0];
  const fresh = results.map((result) => result.fresh);
  const middle = (name) => median(results.map((result) => result[name])).toFixed(3);
  const size = `${(bytes / 1000).toFixed(0)} kB`;
  return [
    count,
    series,
    size,
    ...spread(fresh, 3),
    middle('again'),
    middle('stale'),
    verdict(fresh, 1.15, 3),
  ];
}

/** Messages of about 100 characters, and what may be taken for each. */
const MESSAGES = [
  [
    'nothing like a secret',
    'connect ECONNREFUSED 127.0.0.1:5432 after 3 attempts; pool has no free connection (10 of 10 in use)',
    3,
  ],
  [
    'words of secrets',
    'password authentication failed for user "app", the token bucket is empty, code 28P01',
  ],
  [
    'a secret',
    'could not connect to postgres://app:x7Kq2mZ9@db:5432/app, will retry in 5 s (attempt 2 of 5)',
  ],
];

export async function redaction(options) {
  const rows = [];
  for (const [name, text, bound] of MESSAGES) {
    const times = (await inRounds(options, 'redaction.js', { text })).map(({ us }) => us);
    rows.push([name, ...spread(times, 2), bound === undefined ? '' : verdict(times, bound)]);
  }
  return table(['a message with', ...SPREAD.map((each) => `µs: ${each}`), 'bound'], rows);
}
