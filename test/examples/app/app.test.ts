import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDatabase, query } from '../../helpers/database.ts';
import { createMigratedDatabase, type ExampleApp, npmStart, startServer } from '../../helpers/example-app.ts';
import { leftovers, patienceMs, untilNothingIsLeft } from '../../helpers/processes.ts';

const metrics = {
  health_group_up: 'gauge',
  health_check_status: 'gauge',
  health_check_duration_seconds: 'histogram',
  health_check_runs_total: 'counter',
  health_check_consecutive_failures: 'gauge',
  health_check_last_run_timestamp_seconds: 'gauge',
  health_check_last_success_timestamp_seconds: 'gauge',
};

function post(url: string, body: string, type = 'application/json') {
  return fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
}

/** Expects it to have ended by itself, with this exit code, and its PostgreSQL with it. */
async function expectCleanEnd(app: ExampleApp, code: number): Promise<void> {
  expect(await app.ended, app.output()).toEqual({ code, signal: null });
  expect(await leftovers(app.temporary), app.output()).toEqual([]);
}

async function postmaster(app: ExampleApp): Promise<number> {
  const [folder] = await leftovers(app.temporary);
  const file = join(app.temporary, String(folder), 'data', 'postmaster.pid');
  return Number.parseInt(await readFile(file, 'utf8'), 10);
}

describe('the example service with nothing set', { timeout: 3 * patienceMs }, () => {
  test('opens with four lines and no more, and answers the body of the wire contract', async () => {
    const app = await startServer();
    const url = await app.listening();
    const [, adminUrl] = await app.says(/metrics: (http:\S+)\/metrics/);
    await app.says(/the log below says why\n/); // the end of what it says
    expect(app.output().replace(/kill -QUIT \d+/, 'kill -QUIT 1')).toBe(
      [
        'DATABASE_URL is not set: starting an embedded PostgreSQL in a temporary folder, removed at the end',
        `Listening on port ${new URL(url).port}, for probes and metrics on port ${new URL(String(adminUrl)).port}. Ask: curl ${url}/api/v1/health`,
        `Status page: ${adminUrl}/  metrics: ${adminUrl}/metrics  the application: ${url}/notes`,
        'To see a failure, stop the database: kill -QUIT 1. Then ask again: 503, and the log below says why',
        '',
      ].join('\n'),
    );
    const response = await fetch(`${url}/api/v1/health`);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(
      /^\{"status":"healthy","checks":\{"database":"ok","memory":"ok","uptime":\d+,"migrations":"ok"\}\}$/,
    );
    app.kill('SIGTERM');
    await expectCleanEnd(app, 0);
  });

  test('answers 503, reports why and lives on when its PostgreSQL is gone, as its fourth line states', async () => {
    const app = await startServer();
    const url = await app.listening();
    const [, pid] = await app.says(/stop the database: kill -QUIT (\d+)/);
    expect(Number(pid)).toBe(await postmaster(app));
    process.kill(Number(pid), 'SIGQUIT');
    const body = await vi.waitUntil(
      async () => {
        const response = await fetch(`${url}/api/v1/health`);
        return response.status === 503 && response.text();
      },
      { timeout: patienceMs, interval: 100 },
    );
    expect(body).toMatch(
      /^\{"status":"unhealthy","checks":\{"database":"error","memory":"ok","uptime":\d+,"migrations":"error"\}\}$/,
    );
    await app.says(/Check `database` is failing: \S+/);
    expect((await fetch(`${url}/notes`)).status).toBe(500);
    app.kill('SIGTERM');
    await expectCleanEnd(app, 0);
  });

  test('exposes every metric of the health checks on its private port alone', async () => {
    const app = await startServer();
    const url = await app.listening();
    const [, metricsUrl] = await app.says(/metrics: (http:\S+)/);
    await fetch(`${url}/api/v1/health`);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect(new URL(String(metricsUrl)).hostname).toBe('127.0.0.1');
    const response = await fetch(String(metricsUrl));
    expect(response.status).toBe(200);
    const text = await response.text();
    for (const [name, type] of Object.entries(metrics)) expect(text).toContain(`# TYPE ${name} ${type}\n`);
    expect(text).toMatch(/^health_group_up\{group="all"\} 1$/m);
    expect(text).toMatch(/^health_check_status\{check="database",status="ok"\} 1$/m);
  });

  test('answers probes on a separate port too', async () => {
    const app = await startServer();
    await app.listening();
    const [, port] = await app.says(/for probes and metrics on port (\d+)/);
    const answers = await Promise.all(
      ['livez', 'readyz?verbose', 'metrics'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await answers[1]?.text()).toContain('durationMs');
  });

  test('keeps notes', async () => {
    const app = await startServer();
    const url = `${await app.listening()}/notes`;
    expect(await (await fetch(url)).json()).toEqual([]);
    const created = await post(url, '{"text":"hello"}');
    expect([created.status, created.headers.get('location')]).toEqual([201, '/notes/1']);
    const note = await created.json();
    expect(note).toEqual({ id: 1, text: 'hello', createdAt: expect.any(String) });
    expect(await (await fetch(`${url}/1`)).json()).toEqual(note);
    expect(await (await fetch(url)).json()).toEqual([note]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on a %s during start-up', async (signal) => {
    const app = await startServer();
    await app.says(/starting an embedded PostgreSQL/);
    app.kill(signal);
    app.kill(signal);
    await expectCleanEnd(app, 0);
  });

  test('counts two signals within a millisecond as one', async () => {
    const app = await startServer();
    await app.listening();
    app.kill('SIGINT');
    app.kill('SIGINT');
    await expectCleanEnd(app, 0);
  });

  test('leaves nothing behind when it is killed', async () => {
    const app = await startServer();
    await app.listening();
    expect(await leftovers(app.temporary)).not.toEqual([]);
    app.kill('SIGKILL');
    await untilNothingIsLeft(app.temporary);
  });

  test('on a port in use reports that, exits 1 and leaves nothing', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, resolve));
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    const app = await startServer({ PORT: String(port) });
    await expectCleanEnd(app, 1);
    expect(app.output()).toContain(`Port ${port} is in use`);
  });
});

describe('the example service with a database given', { timeout: 3 * patienceMs }, () => {
  test('uses that one, in production too, and starts none', async () => {
    const url = await createMigratedDatabase();
    const app = await startServer({ DATABASE_URL: url, NODE_ENV: 'production' });
    await post(`${await app.listening()}/notes`, '{"text":"mine"}');
    expect(await query(url, 'SELECT text FROM notes')).toEqual([{ text: 'mine' }]);
    expect(await leftovers(app.temporary)).toEqual([]);
    app.kill('SIGTERM');
    await expectCleanEnd(app, 0);
  });

  test('keeps idle connections for longer than a proxy does, as KEEP_ALIVE_TIMEOUT_MS says', async () => {
    const databaseUrl = await createMigratedDatabase();
    for (const [env, seconds] of [
      [{}, 65],
      [{ KEEP_ALIVE_TIMEOUT_MS: '610000' }, 610],
    ] as const) {
      const app = await startServer({ DATABASE_URL: databaseUrl, ...env });
      const { headers } = await fetch(`${await app.listening()}/notes`);
      expect(headers.get('keep-alive')).toBe(`timeout=${seconds}`);
    }
  });

  test('that does not answer does not stop the start: it reports why it is not ready, and answers 503', async () => {
    const app = await startServer({
      DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/app',
      NODE_ENV: 'production',
    });
    const response = await fetch(`${await app.listening()}/api/v1/health`);
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringMatching(/"database":"error",.*"migrations":"error"\}\}$/),
    ]);
    await app.says(/Check `database` is failing: .*ECONNREFUSED/);
    expect(app.output()).not.toContain('secret');
  });

  test('that was never migrated is not ready, and reports what to run', async () => {
    const app = await startServer({ DATABASE_URL: await createDatabase(), NODE_ENV: 'production' });
    const response = await fetch(`${await app.listening()}/api/v1/health`);
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringMatching(/"database":"ok",.*"migrations":"error"\}\}$/),
    ]);
    await app.says(
      /Check `migrations` is (?:failing|warning): .*run `node build\/examples\/app\/release\.js migrate`/,
    );
  });

  test('answers bad requests with JSON that names what was expected', async () => {
    const app = await startServer({ DATABASE_URL: await createMigratedDatabase() });
    const url = await app.listening();
    const bad = [
      ['{"text":', 'application/json'],
      ['{"text":""}', 'application/json'],
      ['{"text":7}', 'application/json'],
      ['{"text":"nul \\u0000"}', 'application/json'],
      ['[]', 'application/json'],
      ['text=hello', 'application/x-www-form-urlencoded'],
      [JSON.stringify({ text: 'x'.repeat(1001) }), 'application/json'],
    ] as const;
    for (const [body, type] of bad) {
      const response = await post(`${url}/notes`, body, type);
      expect([body, response.status, await response.json()]).toEqual([
        body,
        400,
        { error: expect.any(String) },
      ]);
    }
    for (const path of ['/notes/1', '/notes/x', '/notes/99999999999', '/nothing']) {
      const response = await fetch(url + path);
      expect([path, response.status, await response.json()]).toEqual([
        path,
        404,
        { error: expect.any(String) },
      ]);
    }
  });
});

describe('the example service with settings that cannot work', { timeout: 3 * patienceMs }, () => {
  test('names DATABASE_URL and an example value when production has none', async () => {
    const app = await startServer({ NODE_ENV: 'production' });
    await expectCleanEnd(app, 1);
    expect(app.output()).toContain('DATABASE_URL');
    expect(app.output()).toContain('postgres://user:password@db.example.com:5432/app');
  });

  test('lists every faulty variable in one start', async () => {
    const faulty = { NODE_ENV: 'production', DATABASE_URL: '', PORT: 'http', POOL_SIZE: 'ten' };
    const app = await startServer(faulty);
    await expectCleanEnd(app, 1);
    for (const name of ['DATABASE_URL', 'PORT', 'POOL_SIZE'])
      expect(app.output()).toMatch(new RegExp(`Expected ${name} to be .*; for example ${name}=`));
  });

  test('names PORT when it is not a number', async () => {
    const app = await startServer({ PORT: 'http' });
    await expectCleanEnd(app, 1);
    expect(app.output()).toContain("Expected PORT to be a whole number from 0 to 65535, got 'http'");
  });

  test('reports when the port for probes is in use', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    const app = await startServer({ DATABASE_URL: await createMigratedDatabase(), ADMIN_PORT: String(port) });
    await expectCleanEnd(app, 1);
    expect(app.output()).toMatch(new RegExp(`Could not start: ADMIN_PORT: .*port ${port} is in use`));
  });
});

describe.each([
  ['server.js', /for probes and metrics on port (\d+)/],
  ['worker.js', /probes are answered on port (\d+)/],
])('%s with its event loop blocked', { timeout: 3 * patienceMs }, (entry, listening) => {
  const preload = fileURLToPath(new URL('../../fixtures/blocking-preload.cjs', import.meta.url));

  test('is alive, not ready, named in its log, and shuts down cleanly afterwards', async () => {
    const app = await startServer(
      { DATABASE_URL: await createMigratedDatabase(), NODE_OPTIONS: `--require ${preload}` },
      entry,
    );
    const [, port] = await app.says(listening);
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`);
    // As probers do before: what was never asked about is not known while the loop is blocked.
    for (const path of ['readyz', 'livez'])
      await vi.waitUntil(async () => (await ask(path)).status === 200, { timeout: patienceMs });
    app.kill('SIGUSR2');
    await app.says(/allswell: event loop blocked for \d\.\d s in (?:blockForAWhile \(|native code)/);
    const [live, ready, metrics] = await Promise.all(['livez', 'readyz', 'metrics'].map(ask));
    expect(app.output()).not.toContain('turning');
    expect([live?.status, ready?.status, metrics?.status]).toEqual([200, 503, 200]);
    expect(await ready?.text()).toMatch(/"stalled":\d/);
    expect(await metrics?.text()).toMatch(/^health_event_loop_stalled_seconds [1-9]/m);
    await app.says(/turning/);
    await vi.waitUntil(async () => (await ask('readyz')).status === 200, { timeout: patienceMs });
    app.kill('SIGTERM');
    await expectCleanEnd(app, 0);
  });
});

describe('the worker', { timeout: 3 * patienceMs }, () => {
  test('has no routes of its own, answers probes, does its work, and finishes it on a SIGTERM', async () => {
    const url = await createMigratedDatabase();
    await query(
      url,
      `INSERT INTO notes (text, created_at) VALUES ('old', now() - interval '31 days'), ('new', now())`,
    );
    const worker = await startServer({ DATABASE_URL: url }, 'worker.js');
    const [, port] = await worker.says(/probes are answered on port (\d+)/);
    await worker.says(/Deleted old notes/);
    expect(await query(url, 'SELECT text FROM notes')).toEqual([{ text: 'new' }]);
    for (const path of ['livez', 'readyz', 'startupz', 'metrics'])
      expect((await fetch(`http://127.0.0.1:${port}/${path}`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/notes`)).status).toBe(404);
    worker.kill('SIGTERM');
    await expectCleanEnd(worker, 0);
  });

  test('without a database exits 1 and names the variable', async () => {
    const worker = await startServer({}, 'worker.js');
    await expectCleanEnd(worker, 1);
    expect(worker.output()).toContain('Could not start: Expected DATABASE_URL to be set');
  });
});

describe('npm start', { timeout: 5 * patienceMs }, () => {
  test('stops cleanly on a Ctrl-C, which reaches the whole process group', async () => {
    const app = await npmStart();
    const url = await app.listening();
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    process.kill(-app.pid, 'SIGINT');
    await expectCleanEnd(app, 0);
  });

  test('stops cleanly on a SIGTERM to npm alone', async () => {
    const app = await npmStart();
    await app.listening();
    app.kill('SIGTERM');
    await expectCleanEnd(app, 0);
    expect(app.output()).toContain('SIGTERM: shutting down');
  });
});
