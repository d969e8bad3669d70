/*
 * Takes docs/status-page.png from the page of a running server: `npm run screenshot`. Needs Chromium, in its usual
 * place or where CHROMIUM_PATH says. The clock of the service goes fast, so that ten minutes of history take a moment.
 */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { error, HealthController, heap, middleware, ok, uptime, warning } from 'allswell';
import { chromium } from 'playwright-core';

const ROUNDS = 60;
const ROUND_MS = 10_000;
const FILE = fileURLToPath(new URL('../docs/status-page.png', import.meta.url));

let skippedMs = -ROUNDS * ROUND_MS;
const clock = {
  now: () => performance.now() + skippedMs,
  epochMs: () => Date.now() + skippedMs,
  setTimeout,
  clearTimeout,
};

let round = 0;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function database() {
  await pause(2 + (round % 5) + (round === 37 ? 24 : 0));
  if (round >= 55) return error('connect ECONNREFUSED 10.0.3.7:5432', { code: 'ECONNREFUSED' });
}

async function mail() {
  await pause(4 + (round % 3));
  return round > 20 && round < 26 ? warning('queue holds 412 messages') : ok();
}

function disk() {
  const used = 0.88 + round / 1500;
  const fields = { value: used, unit: 'ratio' };
  return used > 0.9 ? warning('/var is nearly full, 3.1 GB left', fields) : ok(undefined, fields);
}

const service = { name: 'notes-api', version: '1.4.2', releaseId: 'b252aab', description: 'Notes over HTTP' };
const health = new HealthController({ clock, service })
  .register('database', database)
  .register('mail', mail, { failOn: 'error', groups: ['ready', 'jobs'] })
  .register('disk', disk, { failOn: 'error', groups: ['jobs'] })
  .register('memory', heap())
  .register('uptime', uptime());

for (; round < ROUNDS; round++) {
  await health.report();
  skippedMs += ROUND_MS;
}

const server = createServer(middleware(health, { details: 'always', paths: { '/': 'all' } }));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const page = await browser.newPage({ viewport: { width: 1240, height: 700 }, deviceScaleFactor: 1.25 });
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.screenshot({ path: FILE, fullPage: true });
await browser.close();
server.close();
await health.close();
console.log(`${FILE}: ${statSync(FILE).size} bytes`);
