/**
 * Builds `dist` from src and from the declarations that the compiler has put into build/modules: for each entry in the
 * `exports` of package.json one readable JavaScript file, shared.js with what several entries use, so that no class
 * exists twice, and the declarations that a user of an entry can reach.
 */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { minify, transform } from 'rolldown/utils';
import { reachableDeclarations } from './declarations.mjs';
import { COMMON, READABLE, threadProgram } from './thread-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** Files that are shipped as they are: in dist, in src. */
const COPIES = { 'report.schema.json': 'formats/report.schema.json' };

/** The entries: what `exports` gives types for. dist/types/a/b.d.ts comes from src/a/b.ts. */
const entries = Object.values(manifest.exports)
  .filter(({ types }) => types !== undefined)
  .map((entry) => ({
    name: entry.default.replace(/^\.\/dist\/(.*)\.js$/, '$1'),
    module: entry.types.replace(/^\.\/dist\/types\/(.*)\.d\.ts$/, '$1'),
  }));

/** The commands, which nobody imports: dist/a/b.js comes from src/a/b.ts. */
const commands = Object.values(manifest.bin ?? {}).map((path) => {
  const module = path.replace(/^(?:\.\/)?dist\/(.*)\.js$/, '$1');
  return { name: module, module };
});

/** A template, line for line, so that it can be read where it ends up. */
function asModule(text) {
  return `export const WORKER_SOURCE = \`${text.replace(/[\\`]|\$\{/g, '\\$&')}\`;\n`;
}

/** Puts the program of the listening thread where src has an empty one. */
const threadText = {
  name: 'thread-text',
  load: async (id) =>
    id.endsWith('/src/thread/worker-source.ts') ? asModule(await threadProgram()) : undefined,
};

/**
 * The redactor is a third of what an import parses, and shorter code is parsed faster: its local names become short, and what
 * is superfluous goes. Functions keep their names and lines, which is what its stacks show.
 */
const denseRedactor = {
  name: 'dense-redactor',
  transform: {
    filter: { id: /\/src\/internal\/redact\// },
    async handler(code, id) {
      const { target } = COMMON.transform;
      const plain = await transform(id, code, { target });
      const dense = await minify(id, plain.code, {
        ...READABLE,
        module: true,
        compress: { target, keepNames: { function: true, class: true } },
        mangle: { toplevel: false },
      });
      for (const error of [...plain.errors, ...dense.errors]) throw error;
      return { code: dense.code, moduleType: 'js' };
    },
  },
};

/**
 * Characters beyond ASCII become escapes: one of them makes V8 keep and scan the whole file with two bytes a character. They
 * stand in strings, templates and patterns alone.
 */
const ascii = {
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

/** @returns the files written, relative to dist */
async function bundle() {
  const bundler = await rolldown({
    ...COMMON,
    plugins: [threadText, denseRedactor, ascii],
    input: Object.fromEntries(
      [...entries, ...commands].map(({ name, module }) => [name, `src/${module}.ts`]),
    ),
    external: [/^node:/, ...Object.keys(manifest.peerDependencies)],
  });
  const { output } = await bundler.write({
    dir: dist,
    format: 'es',
    minify: READABLE,
    comments: false,
    // What an import() loads becomes a file of its own, called after its module.
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
  });
  await bundler.close();
  return output.map(({ fileName }) => fileName);
}

/** Writes the declarations that a user can reach. @returns the files, relative to dist */
async function writeDeclarations() {
  const modules = await reachableDeclarations(
    entries.map(({ module }) => module),
    (module) => readFile(join(root, `build/modules/${module}.d.ts`), 'utf8'),
  );
  const files = [];
  for (const [module, text] of modules) {
    const file = `types/${module}.d.ts`;
    await mkdir(dirname(join(dist, file)), { recursive: true });
    await writeFile(join(dist, file), text);
    files.push(file);
  }
  return files;
}

async function copyTo(from, file) {
  await mkdir(dirname(join(dist, file)), { recursive: true });
  await copyFile(from, join(dist, file));
}

const written = new Set([...(await bundle()), ...(await writeDeclarations())]);
for (const [file, source] of Object.entries(COPIES)) {
  await copyTo(join(root, 'src', source), file);
  written.add(file);
}
// Last, so that nothing is missing while a running process or a test reads it.
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isDirectory() && !written.has(path.slice(dist.length + 1).replaceAll('\\', '/'))) await rm(path);
}
