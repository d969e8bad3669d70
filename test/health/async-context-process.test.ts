import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a background check registered inside a request neither sees the request’s store nor keeps it alive', async () => {
  const file = fileURLToPath(new URL('../fixtures/interval-in-request.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', file], { timeout: 30_000 });
  expect(JSON.parse(stdout)).toEqual({ runs: true, foreign: 0, isCollected: true });
});

test('checks see no store of the request in which the package was loaded', async () => {
  const file = fileURLToPath(new URL('../fixtures/import-in-request.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 });
  expect(JSON.parse(stdout)).toEqual({ status: 'healthy', seen: ['undefined'] });
});
