import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers/processes.ts';
import { ask, launch, running } from '../helpers/threaded.ts';

const preload = fileURLToPath(new URL('../fixtures/counted-preload.cjs', import.meta.url));
const [major = 0] = process.versions.node.split('.').map(Number);
const PERMISSION = major >= 24 ? '--permission' : '--experimental-permission';

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a process whose health listens in a thread', () => {
  test('that was stopped and continues had no stall', async () => {
    const service = await running({ options: { stackAfterMs: 1000 } });
    for (let round = 0; round < 4; round++) {
      service.signal('SIGSTOP');
      await later(2500);
      service.signal('SIGCONT');
      expect((await service.ask('/livez')).statusCode).toBe(200);
      await later(300);
    }
    expect((await service.ask('/metrics')).body).toMatch(/^health_event_loop_stalls_total 0$/m);
    expect(service.output()).not.toMatch(/event loop (?:was )?blocked/);
  });

  test.each([
    ['-r', { flags: ['-r', preload] }],
    ['--import', { flags: ['--import', preload] }],
    ['NODE_OPTIONS', { env: { NODE_OPTIONS: `--require ${preload}` } }],
  ])(
    'runs a preload by %s once',
    async (_, { flags, env }: { flags?: string[]; env?: NodeJS.ProcessEnv }) => {
      const count = join(await temporaryFolder(), 'count');
      writeFileSync(count, '');
      const service = await running(
        {},
        { ...(flags ? { flags } : {}), env: { ...env, PRELOAD_COUNT: count } },
      );
      await service.ask('/livez');
      expect(readFileSync(count, 'utf8')).toBe('loaded\n');
    },
  );

  test('ends with the controller', async () => {
    const service = await running({});
    service.tell('close');
    await service.says(/^closed/m);
    await expect(ask(service.port, '/livez')).rejects.toThrow('ECONNREFUSED');
    // Standard input alone keeps it.
    service.tell('end');
    expect(await service.ended).toBe(0);
  });

  test('may end while it listens, once it is unref()ed', async () => {
    const service = launch({ unref: true });
    expect(await service.ended).toBe(0);
    expect(service.output()).toMatch(/listening/);
  });

  test('gets another thread on the same port when that one dies', async () => {
    const service = await running({});
    service.tell('kill-thread');
    await service.says(/The health thread ended \(.*\); restarting it/);
    await expect
      .poll(() => ask(service.port, '/readyz').then(({ statusCode }) => statusCode, String), {
        timeout: 30_000,
      })
      .toBe(200);
    service.tell('block loop 2500');
    await service.says(/blocking/);
    await later(1500);
    expect((await service.ask('/livez')).statusCode).toBe(200);
    expect((await service.ask('/readyz')).body).toContain('"stalled"');
  });

  test('goes on where that thread dies while it is paused, and gets another one', async () => {
    const service = await running(
      { options: { stackAfterMs: 1000 } },
      {
        flags: ['--import', fileURLToPath(new URL('../fixtures/dying-thread-preload.mjs', import.meta.url))],
      },
    );
    service.tell('block loop 2500');
    await service.says(/^turning/m);
    await service.says(/The health thread ended \(.*\); restarting it/);
    await expect
      .poll(() => ask(service.port, '/readyz').then(({ statusCode }) => statusCode, String), {
        timeout: 30_000,
      })
      .toBe(200);
  });

  test('that may open no more files goes on in the same thread, and is asked again once it may', async () => {
    const service = await running({}, { openFiles: 100 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const known = async () => (await ask(service.port, '/readyz', {}, agent)).statusCode;
    expect(await known()).toBe(200);
    service.tell('exhaust');
    await service.says(/^exhausted: EMFILE$/m);
    // Those who cannot be let in are not left waiting either: libuv closes their connections.
    const strangers = await Promise.all(
      Array.from({ length: 20 }, () => service.ask('/livez').catch(({ code }) => code)),
    );
    expect(strangers).toContain('ECONNRESET');
    expect(await known()).toBe(200);
    service.tell('release');
    await service.says(/^released/m);
    await expect
      .poll(() => service.ask('/readyz').then(({ statusCode }) => statusCode, String), { timeout: 30_000 })
      .toBe(200);
    expect(service.output()).not.toContain('The health thread ended');
  });

  test('without the permission for threads names the flag', async () => {
    const service = launch({}, { flags: [PERMISSION, '--allow-fs-read=*'] });
    await service.says(/refused: .*--allow-worker/);
    expect(await service.ended).toBe(3);
  });

  test('without the permission for the inspector listens, and takes no stack', async () => {
    const flags = [
      PERMISSION,
      '--allow-fs-read=*',
      '--allow-worker',
      ...(major >= 25 ? ['--allow-net'] : []),
    ];
    const service = await running({ options: { stackAfterMs: 1000 } }, { flags });
    service.tell('block loop 2500');
    await service.says(/^turning/m);
    expect((await service.ask('/livez')).statusCode).toBe(200);
    await service.says(/The event loop was blocked for \d\.\d s$/m);
  });

  test('with an inspector open is left to that', async () => {
    const service = await running({ options: { stackAfterMs: 1000 } }, { flags: ['--inspect=127.0.0.1:0'] });
    service.tell('block loop 2500');
    await service.says(/^turning/m);
    await service.says(/The event loop was blocked for \d\.\d s$/m);
    expect(service.output()).not.toContain(' in tightLoop');
  });

  test('on a port in use is reported, as without the thread', async () => {
    const { port } = await running({});
    const service = launch({ options: { port } });
    await service.says(
      new RegExp(`refused: Cannot serve health on port ${port} of 127.0.0.1: port ${port} is in use`),
    );
    expect(await service.ended).toBe(3);
  });

  test('in a cluster worker cannot share a fixed port', () => {
    const file = fileURLToPath(new URL('../fixtures/cluster-thread.mjs', import.meta.url));
    const output = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    expect(output).toMatch(
      /^Cannot listen in a thread on port 9091 inside a cluster worker: .*leave `thread: true` out.*\ntrue\n$/,
    );
  });
});
