import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// Those that need nothing of the packages which the bench compares.
test.each([
  ['scrape', { count: 3, seconds: 0.05 }, ['series', 'bytes']],
  ['redaction', { text: 'connect ECONNREFUSED 127.0.0.1:5432', calls: 100 }, ['us']],
])('the scenario %s of the bench runs on the built package', async (name, argument, fields) => {
  const file = fileURLToPath(new URL(`../../bench/scenarios/${name}.js`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(argument)]);
  const result = JSON.parse(stdout);
  for (const field of fields) expect(result[field], field).toBeGreaterThan(0);
});
