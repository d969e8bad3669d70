/**
 * `npm run dev`: the example service, built again after each change in src or examples and restarted by `node --watch`.
 * While a change does not compile, the last version that did goes on running.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Editors write a file in several steps. */
const QUIET_MS = 100;

let timer;
let isBuilding = false;
let isStale = false;

async function build() {
  const child = spawn('npm run --silent build:examples', { cwd: root, shell: true, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code === 0;
}

async function rebuild() {
  if (isBuilding) {
    isStale = true;
    return;
  }
  isBuilding = true;
  do {
    isStale = false;
    await build();
  } while (isStale);
  isBuilding = false;
}

if (!(await build())) process.exit(1);
for (const folder of ['src', 'examples']) {
  watch(new URL(`../${folder}`, import.meta.url), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, QUIET_MS);
  });
}
const server = spawn(process.execPath, ['--watch', 'build/examples/app/server.js'], {
  cwd: root,
  stdio: 'inherit',
});
// A terminal signals both; a process manager signals this one alone.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
const [code] = await once(server, 'exit');
process.exit(code ?? 0);
