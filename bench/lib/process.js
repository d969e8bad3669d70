import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';

const CAN_PIN = os.cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;

/** What is measured runs on the first core, what loads it on the second, so that neither takes the other's time. */
export const MEASURED_CORE = 0;
export const LOAD_CORE = 1;

/** How processes were placed, for the report. */
export const placement = CAN_PIN ? 'pinned to separate cores with taskset' : 'not pinned: no taskset here';

/** The processes that live, to end them whatever happens. Only what was started here is ended, by its id. */
const running = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Starts a program on a core. taskset replaces itself by the program, so the id is the program's. */
export function start(core, command, args, options) {
  const child = CAN_PIN
    ? spawn('taskset', ['-c', String(core), command, ...args], options)
    : spawn(command, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs a program on a core and gives what it printed. It is ended if it takes longer than `limitMs`. */
export async function output(core, command, args, limitMs = 120_000, options = {}) {
  const child = start(core, command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${text.slice(-500)}`);
  return text;
}

/** Runs a scenario's module, which prints JSON, in a process of its own. */
export async function measureIn(url, argument, nodeArgs = []) {
  const { pathname } = new URL(url);
  const args = [...nodeArgs, pathname, JSON.stringify(argument)];
  return JSON.parse(await output(MEASURED_CORE, process.execPath, args, 300_000));
}
