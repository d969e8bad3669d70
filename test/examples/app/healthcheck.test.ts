import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { patienceMs, start } from '../../helpers/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function healthcheck(port: number, more: Record<string, string> = {}) {
  const { HOST, ...inherited } = process.env;
  const child = start(process.execPath, ['build/examples/app/healthcheck.js'], {
    cwd: root,
    env: { ...inherited, PORT: String(port), ...more },
  });
  const { code } = await child.ended;
  return { code, output: child.output() };
}

const answer =
  (status: number): RequestListener =>
  (request, response) =>
    response.writeHead(status).end(`it was ${request.url}`);

describe('the health check of the image', { timeout: patienceMs }, () => {
  test.each([
    [200, 0],
    [503, 1],
    [404, 1],
    [302, 1],
  ])('for an answer %i exits %i and shows it', async (status, code) => {
    const port = await portOf(createServer(answer(status)));
    expect(await healthcheck(port)).toEqual({ code, output: `${status} it was /api/v1/health\n` });
  });

  test('asks the one address that the service was told to listen on, and every wildcard as this machine', async () => {
    const port = await portOf(createServer(answer(200)));
    for (const HOST of ['', '::', '0.0.0.0', 'localhost', '127.0.0.1'])
      expect((await healthcheck(port, { HOST })).code).toBe(0);
  });

  test('exits 1 where nobody listens', async () => {
    const server = createTcpServer();
    const port = await portOf(server);
    server.close();
    await once(server, 'close');
    expect(await healthcheck(port)).toEqual({ code: 1, output: expect.stringContaining('ECONNREFUSED') });
  });

  test('exits 1 within its time limit where a server accepts and never answers', async () => {
    const sockets: Socket[] = [];
    const port = await portOf(createTcpServer((socket) => sockets.push(socket)));
    onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
    expect(await healthcheck(port)).toEqual({
      code: 1,
      output: `http://127.0.0.1:${port}/api/v1/health did not answer within 3000 ms\n`,
    });
  });
});
