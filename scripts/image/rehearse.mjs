/** A release, a fault and a stop of the image, each seen from outside as a platform sees it. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { knownMigrations, releaseCommand } from '../../build/examples/app/migrations.js';
import { Container } from './container.mjs';
import { durationMs } from './dockerfile.mjs';

const patienceMs = 30_000;

/** @throws {Error} saying what did not hold */
export async function rehearse({ image, root, database, say }) {
  const port = await freePort();
  const deploy = { DATABASE_URL: database.url, PORT: String(port), ADMIN_PORT: '0' };
  const container = new Container(image, root, deploy);
  if (container.droppedOptions.length > 0)
    say(
      `Note: Node ${process.version} does not know ${container.droppedOptions.join(' ')}, which the image's does`,
    );
  const release = async (...args) => {
    const { code, output } = await container.run([...releaseCommand.split(' '), ...args]);
    assert.equal(code, 0, `Expected ${args.join(' ')} to exit 0, got ${code}: ${output}`);
    say(`${args.join(' ')}: exit 0, ${output.trim()}`);
  };
  await release('migrate');
  const server = container.start(image.command);
  try {
    await running({ image, container, release, server, database, url: `http://127.0.0.1:${port}`, say });
  } catch (error) {
    throw new Error(`${error.message}\nThe service said:\n${server.output()}`, { cause: error });
  } finally {
    server.kill('SIGKILL');
  }
}

async function running({ image, container, release, server, database, url, say }) {
  const health = `${url}/api/v1/health`;
  const answers = async (status, text) => {
    const body = await until(
      () => `${status} with ${text}`,
      server,
      async () => {
        const response = await fetch(health).catch(() => undefined);
        const body = await response?.text();
        return response?.status === status && body.includes(text) ? body : undefined;
      },
    );
    say(`GET /api/v1/health: ${status} ${body}`);
  };
  const healthcheck = async (code, env) => {
    let seen = '';
    const last = await until(
      () => `HEALTHCHECK exit code ${code}, got ${seen}`,
      server,
      async () => {
        const result = await container.run(image.healthcheck, env);
        seen = `${result.code}: ${result.output}`;
        return result.code === code ? result : undefined;
      },
    );
    say(`HEALTHCHECK: exit ${last.code} after ${Math.round(last.ms)} ms, ${last.output.trim()}`);
    return last.ms;
  };
  await answers(200, '"migrations":"ok"}}');
  await healthcheck(0);
  await release('rollback', String(knownMigrations().length - 1));
  await answers(503, '"migrations":"error"}}');
  await release('migrate');
  await answers(200, '"migrations":"ok"}}');
  await database.halt('immediate');
  await answers(503, '"database":"error"');
  // Liveness: a container is not replaced because its database is down.
  await healthcheck(0);
  await database.start();
  await answers(200, '"migrations":"ok"}}');
  for (const HOST of ['::', '0.0.0.0', 'localhost', '127.0.0.1']) await healthcheck(0, { HOST });
  // A zone that is not there: refused in words, no crash.
  await healthcheck(1, { HOST: 'fe80::1%nowhere0' });
  const limitMs = durationMs(image.healthcheckFlags.timeout);
  const ms = await silently((port) => healthcheck(1, { PORT: String(port) }));
  assert.ok(
    ms < limitMs,
    `Expected HEALTHCHECK to give up on a silent port within ${limitMs} ms, took ${ms} ms`,
  );
  server.kill(image.stopSignal);
  const { code, signal } = await server.ended;
  assert.deepEqual(
    { code, signal },
    { code: 0, signal: null },
    `Expected ${image.stopSignal} to end it with exit 0`,
  );
  say(`${image.stopSignal}: exit 0`);
}

/** Waits until something is so, which `what` names if it never is; not longer than the service lives. */
async function until(what, server, look) {
  let over = false;
  void server.ended.then(() => {
    over = true;
  });
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && !over) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await delay(50);
  }
  throw new Error(`Expected ${what()} within ${patienceMs / 1000} s${over ? ', but the service ended' : ''}`);
}

/** Lends a port that accepts connections and never answers. */
async function silently(use) {
  const sockets = new Set();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(server.address().port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
