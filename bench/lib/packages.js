import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** The folder of an installed package, looked for as Node does. */
function folderOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function bytesOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder)) {
    if (entry === 'node_modules') continue;
    const path = join(folder, entry);
    const facts = lstatSync(path);
    bytes += facts.isDirectory() ? bytesOf(path) : facts.size;
  }
  return bytes;
}

/** How many packages come with these, and how many bytes all of them are. Optional and peer dependencies do not count. */
export function installed(...names) {
  const folders = new Set();
  const queue = names.map((name) => folderOf(name, BENCH));
  while (queue.length > 0) {
    const folder = queue.pop();
    if (folder === undefined || folders.has(folder)) continue;
    folders.add(folder);
    for (const name of Object.keys(manifest(folder).dependencies ?? {})) queue.push(folderOf(name, folder));
  }
  return { packages: folders.size, bytes: [...folders].reduce((sum, folder) => sum + bytesOf(folder), 0) };
}

/** The installed version of a package of the bench. */
export function version(name) {
  return manifest(folderOf(name, BENCH)).version;
}
