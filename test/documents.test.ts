/** What README.md and docs say about checkers. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, describe as suite, test, vi } from 'vitest';
import * as checkers from '../src/checkers/index.ts';
import type { CheckFunction } from '../src/health/checker.ts';
import { warning } from '../src/health/result.ts';
import { resultOf } from './helpers/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = readdirSync(join(root, 'docs/checkers')).map((file) => `docs/checkers/${file}`);

test.each([...pages, 'docs/testing.md'])('every file that %s names exists', (page) => {
  const names = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] as string);
  for (const name of names) expect(() => read(join(dirname(page), name)), name).not.toThrow();
});

test('the overview names every checker', () => {
  const overview = read('docs/checkers/README.md');
  for (const name of Object.keys(checkers)) expect(overview).toContain(`\`${name}(`);
});

suite('README’s own example of a checker', () => {
  /** The example as the checker it registers, with an answer in the place of the queue's. */
  function example(answer: Response): CheckFunction {
    const code = /```js\n(health\.register\('queue'[\s\S]*?)```/.exec(read('README.md'))?.[1];
    let check: CheckFunction | undefined;
    const health = {
      register(_name: string, given: CheckFunction) {
        check = given;
      },
    };
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer);
    onTestFinished(() => fetched.mockRestore());
    new Function('health', 'warning', code as string)(health, warning);
    return check as CheckFunction;
  }

  test.each([
    ['17', 200, 'ok'],
    ['10001', 200, 'warning'],
    ['oops', 500, 'error'],
    ['17', 500, 'error'],
    ['oops', 200, 'error'],
    ['', 200, 'error'],
  ])('answered %j with %i, is %s', async (body, status, expected) => {
    const check = example(new Response(body, { status }));
    expect((await resultOf({ kind: 'dependency', check })).status).toBe(expected);
  });
});
