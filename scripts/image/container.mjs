/** Runs the commands of an image as its user, with its environment and nothing of ours. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** No command that is waited for takes this long, in milliseconds. */
const patienceMs = 60_000;

export class Container {
  #image;
  #root;
  #env;

  /**
   * @param {ReturnType<import('./dockerfile.mjs').readImage>} image
   * @param {string} root the folder of its last stage
   * @param {Record<string, string>} env what a deploy would set
   */
  constructor(image, root, env) {
    this.#image = image;
    this.#root = root;
    const imageEnv = { ...image.env };
    const { NODE_OPTIONS: options = '' } = imageEnv;
    imageEnv.NODE_OPTIONS = options.split(' ').filter(isKnownHere).join(' ');
    this.#env = { PATH: process.env.PATH, ...imageEnv, ...env };
  }

  /** Options of the image's Node that this machine's does not know: too old, or not the image's. */
  get droppedOptions() {
    const { NODE_OPTIONS: options = '' } = this.#image.env;
    return options.split(' ').filter((option) => option !== '' && !isKnownHere(option));
  }

  /** Starts a command. @returns {{ pid: number, output(): string, ended: Promise<{code, signal}>, kill(signal): void }} */
  start([program, ...args], env = {}) {
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: join(this.#root, this.#image.workdir),
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...this.#account(),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-20_000);
      });
    }
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    return { pid: child.pid, output: () => output, ended, kill: (signal) => child.kill(signal) };
  }

  /** Runs a command to its end. */
  async run(command, env) {
    const startedAt = performance.now();
    const child = this.start(command, env);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    const { code, signal } = await child.ended;
    clearTimeout(timer);
    return { code, signal, output: child.output(), ms: performance.now() - startedAt };
  }

  /** Only root may become somebody else. */
  #account() {
    if (process.getuid?.() !== 0) return {};
    const [uid, gid = uid] = this.#image.user.split(':').map(Number);
    return { uid, gid };
  }
}

function isKnownHere(option) {
  return process.allowedNodeEnvironmentFlags.has(option.split('=')[0]);
}
