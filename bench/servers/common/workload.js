/**
 * What a server under test has to check, from its command line:
 * - `checks`: how many
 * - `behaviour`: `trivial` (resolves at once), `slow` (50 ms) or `hung` (see {@link hang})
 * - `isSync`: whether a trivial check returns nothing instead of a promise
 * - `cacheMs`: how long a result may answer; 0 for not at all
 * - `variant`: which of several ways of mounting a file measures
 */
export const workload = {
  checks: 3,
  behaviour: 'trivial',
  isSync: false,
  cacheMs: 1000,
  variant: '',
  ...JSON.parse(process.argv[2] ?? '{}'),
};

/** How the checks ran. */
export const runs = { started: 0, running: 0, most: 0 };

let isHanging = false;

/** From here on, checks that are to hang never settle; before, they resolve, because some servers check as they start. */
export function hang() {
  isHanging = true;
}

/** A driver keeps the callbacks of its outstanding requests: what they hold is not garbage. */
const held = [];

const BEHAVIOURS = {
  trivial: workload.isSync ? () => undefined : async () => undefined,
  slow: () => new Promise((resolve) => setTimeout(resolve, 50)),
  hung: () => (isHanging ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()),
};

const behave = BEHAVIOURS[workload.behaviour];

async function counted() {
  runs.started++;
  runs.running++;
  runs.most = Math.max(runs.most, runs.running);
  await behave();
  runs.running--;
}

/** One run of a check. Trivial ones are not counted: that would cost more than they do. */
export const check = workload.behaviour === 'trivial' ? behave : counted;

/** The names of the checks. */
export const names = Array.from({ length: workload.checks }, (_, index) => `check-${index}`);

/** What allswell answers when all is well: the body of the floor. */
export const body = `{"status":"healthy","checks":{${names.map((name) => `"${name}":"ok"`).join(',')}}}`;

/** The headers of allswell. */
export const headers = {
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': String(body.length),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};
