/** Carries out the stages of a Dockerfile in plain folders: `/app` of a stage is `<folder>/<stage>/app`. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import ignore from '@balena/dockerignore';

const run = promisify(execFile);
const runTimeoutMs = 300_000;

/**
 * @param {import('./dockerfile.mjs').Stage[]} stages
 * @param {{ context: string, folder: string, say: (text: string) => void }} options
 * @returns {Promise<string>} the root of the last stage
 */
export async function replay(stages, { context, folder, say }) {
  const visible = await visibleContext(context, join(folder, 'context'));
  const roots = new Map();
  const workdirs = new Map();
  for (const { name, from, steps } of stages) {
    const root = join(folder, name);
    await mkdir(root);
    // An image from elsewhere brings Node and an operating system; those are this machine's.
    if (roots.has(from)) await run('cp', ['-a', `${roots.get(from)}/.`, root]);
    roots.set(name, root);
    const state = { root, workdir: workdirs.get(from) ?? '/', env: {}, roots, context: visible };
    for (const step of steps) {
      if (['COPY', 'RUN'].includes(step.keyword)) say(`${name}: ${step.keyword} ${step.text}`);
      await carryOut(step, state);
    }
    workdirs.set(name, state.workdir);
  }
  return roots.get(stages.at(-1).name);
}

/** The context as the builder sees it: without what `.dockerignore` keeps out. */
async function visibleContext(context, target) {
  const filter = ignore().add(await readFile(join(context, '.dockerignore'), 'utf8'));
  await mkdir(target);
  const entries = await readdir(context, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(context.length + 1));
  for (const path of paths.filter((each) => !filter.ignores(each))) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await cp(join(context, path), join(target, path), { verbatimSymlinks: true });
  }
  return target;
}

async function carryOut(step, state) {
  const { root } = state;
  if (step.keyword === 'WORKDIR') {
    state.workdir = posix.resolve(state.workdir, step.text);
    await mkdir(join(root, state.workdir), { recursive: true });
  } else if (step.keyword === 'ENV') {
    Object.assign(state.env, Object.fromEntries(step.properties));
  } else if (step.keyword === 'COPY') {
    await copy(step, state);
  } else if (step.keyword === 'RUN') {
    await runStep(step, state);
  }
  // The others describe the image and change no file.
}

/** @see https://docs.docker.com/reference/dockerfile/#copy */
async function copy({ args, flags, line }, { root, workdir, roots, context }) {
  const unknown = Object.keys(flags).filter((flag) => flag !== 'from');
  if (unknown.length > 0) throw new Error(`Dockerfile:${line}: COPY --${unknown[0]} cannot be replayed here`);
  const source = flags.from === undefined ? context : roots.get(flags.from);
  if (source === undefined)
    throw new Error(`Dockerfile:${line}: there is no stage ${flags.from} before this`);
  const target = args.at(-1);
  const absolute = join(root, posix.resolve(workdir, target));
  for (const path of args.slice(0, -1)) {
    const from = join(source, path);
    const found = await stat(from).catch(() => {
      throw new Error(`Dockerfile:${line}: COPY ${path}: there is no such file in the context or the stage`);
    });
    // The content of a folder, but a file by its name where the target ends in a slash.
    const to =
      !found.isDirectory() && /(?:^|\/)\.?\/?$/.test(target) ? join(absolute, basename(path)) : absolute;
    await mkdir(dirname(to), { recursive: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true, force: true });
  }
}

async function runStep({ text, line, flags }, { root, workdir, env }) {
  if (Object.keys(flags).length > 0)
    throw new Error(`Dockerfile:${line}: RUN with flags cannot be replayed here`);
  const { NODE_OPTIONS, ...inherited } = process.env;
  // npm tells its scripts about itself; a builder's shell knows nothing of that.
  const clean = Object.entries(inherited).filter(
    ([name]) => !/^npm_(?!config_(?:registry|cache|userconfig))/i.test(name),
  );
  const options = {
    cwd: join(root, workdir),
    env: { ...Object.fromEntries(clean), ...env },
    timeout: runTimeoutMs,
    maxBuffer: 2 ** 26,
  };
  await run('/bin/sh', ['-c', text], options).catch((error) => {
    throw new Error(`Dockerfile:${line}: RUN ${text} failed: ${error.message}\n${error.stdout ?? ''}`);
  });
}

/** Takes everything away but one folder, so that a program there cannot reach for what its image would not have. */
export async function keepOnly(folder, kept) {
  for (const name of await readdir(folder)) {
    if (join(folder, name) !== kept) await rm(join(folder, name), { recursive: true, force: true });
  }
}
