import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}

/** What the files of each room may import, beside Node and their own room. */
const ROOMS: Record<string, readonly string[]> = {
  internal: [],
  health: ['internal'],
  checkers: ['internal', 'health'],
  formats: ['internal', 'health'],
  server: ['internal'],
  http: ['internal', 'health', 'formats'],
  adapters: ['internal', 'health', 'http', 'server'],
  metrics: ['internal', 'health'],
  testing: ['internal', 'health'],
  shutdown: ['internal', 'health', 'server'],
  cli: ['internal'],
  thread: ['internal', 'health', 'http', 'formats', 'server', 'adapters'],
};

/**
 * What is loaded from above, with `import()` when it is first asked for: most processes never start a thread, and should
 * not load its code.
 */
const LAZY: Record<string, readonly string[]> = { 'adapters/listen.ts': ['thread/listen-in-thread.ts'] };

function roomOf(file: string): string {
  const [first = ''] = file.split('/');
  return first;
}

test.each(files.filter((file) => file !== 'index.ts'))('%s imports only what lies below it', (file) => {
  const room = roomOf(file);
  const allowed = ROOMS[room];
  expect(allowed, `a room for ${file}`).toBeDefined();
  for (const target of importsOf(file)) {
    if (!target.startsWith('.')) {
      const isOurs = target.startsWith('node:') || (target === 'prom-client' && file.startsWith('metrics/'));
      expect(isOurs, `${file} imports ${target}`).toBe(true);
      continue;
    }
    const imported = relative(SOURCE, resolve(SOURCE, dirname(file), target));
    if (LAZY[file]?.includes(imported)) {
      expect(readFileSync(join(SOURCE, file), 'utf8')).toContain(`import('${target}')`);
      continue;
    }
    const isAllowed = roomOf(imported) === room || (allowed as readonly string[]).includes(roomOf(imported));
    expect(isAllowed, `${file} imports ${imported}`).toBe(true);
  }
});

test('internal, health and checkers know no HTTP', () => {
  for (const file of files.filter((each) => /^(?:internal|health|checkers)\//.test(each))) {
    expect(importsOf(file).filter((target) => /^node:(http|https|http2|net|tls)$/.test(target))).toEqual([]);
  }
});

test('checkers do not import each other', () => {
  for (const file of files.filter((each) => each.startsWith('checkers/') && each !== 'checkers/index.ts')) {
    const family = file.replace(/^checkers\/([a-z]+).*$/, '$1');
    for (const target of importsOf(file).filter(
      (each) => /^\.\.?\/(?!\.)/.test(each) && !each.includes('internal/') && !each.includes('health/'),
    )) {
      expect(
        target.startsWith('./') && (file.includes(`/${family}/`) || target.startsWith(`./${family}`)),
        `${file} imports ${target}`,
      ).toBe(true);
    }
  }
});

test.each(['index.ts', 'checkers/index.ts', 'testing/index.ts'])(
  '%s is a public face: named exports, no logic',
  (file) => {
    const text = readFileSync(join(SOURCE, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    expect(text.replace(/export (?:type )?\{[^}]*\} from '[^']+';/g, '').trim()).toBe('');
  },
);

test('no file is over 300 lines', () => {
  const long = files.filter((file) => readFileSync(join(SOURCE, file), 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});
