/** Where README.md, docs and the other documents lead to, and how long they are. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as checkers from '../src/checkers/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs', file));
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inDocs];

/** A page without its code, where brackets mean something else. */
const prose = (page: string) => read(page).replace(/^ *```[\s\S]*?^ *```/gm, '');

/** The anchors of a page as GitHub makes them: lower case, punctuation dropped, spaces to hyphens. */
function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

test.each(pages)('every link of %s leads to something', (page) => {
  for (const [, target = ''] of prose(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : relative(root, join(root, dirname(page), path));
    expect(() => statSync(join(root, file)), target).not.toThrow();
    if (anchor !== undefined) expect(anchors(file), `${target} in ${page}`).toContain(anchor);
  }
});

test('every page of docs can be reached from README.md', () => {
  const found = new Set(['README.md']);
  for (const page of found) {
    for (const [, path = ''] of prose(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      if (path.endsWith('.md')) found.add(join(dirname(page), path));
    }
  }
  expect(inDocs.filter((page) => !found.has(page))).toEqual([]);
});

test('README.md has at most 150 lines, and a page of docs at most 200', () => {
  const lines = (page: string) => read(page).trimEnd().split('\n').length;
  expect(lines('README.md')).toBeLessThanOrEqual(150);
  expect(inDocs.filter((page) => lines(page) > 200)).toEqual([]);
});

test('the overview names every checker', () => {
  const overview = read('docs/checkers/README.md');
  for (const name of Object.keys(checkers)) expect(overview).toContain(`\`${name}(`);
});

test('every test that the promises and the architecture name exists', () => {
  const named = [
    ...(read('docs/promises.md') + read('docs/architecture.md')).matchAll(/`(test\/[\w./-]+)`/g),
  ];
  expect(named.length).toBeGreaterThan(30);
  for (const [, file = ''] of named) expect(() => statSync(join(root, file)), file).not.toThrow();
});
