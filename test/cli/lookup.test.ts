import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { abortableLookup } from '../../src/cli/lookup.ts';

/** Resolves a name. @returns the error's code, or the addresses */
function resolve(name: string, signal: AbortSignal, all = true): Promise<unknown> {
  return new Promise((settle) =>
    abortableLookup(signal)(name, { all }, (error, addresses, family) =>
      settle(error ? (error.code ?? error.message) : all ? addresses : [addresses, family]),
    ),
  );
}

const { signal } = new AbortController();

test('resolves as the system does, all addresses or the first', async () => {
  for (const name of ['localhost', hostname()]) {
    const expected = await lookup(name, { all: true, order: 'verbatim' });
    expect(await resolve(name, signal)).toEqual(expected);
    expect(await resolve(name, signal, false)).toEqual([expected[0]?.address, expected[0]?.family]);
  }
});

test('a name that does not exist is an error with the code of the system', async () => {
  expect(await resolve('nowhere.invalid', signal)).toMatch(/^(?:ENOTFOUND|EAI_AGAIN)$/);
});

test('an abort ends it at once', async () => {
  const aborted = new AbortController();
  const looking = resolve('nowhere.invalid', aborted.signal);
  aborted.abort();
  expect(await looking).toContain('aborted');
});
