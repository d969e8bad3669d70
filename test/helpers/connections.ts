import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { Connections } from '../../src/server/connections.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { serve, until } from './wire.ts';

/** Connections of a server on a free port, taken note of from the start. */
export async function watch(handler: RequestListener, server: Server = createServer()) {
  const clock = new VirtualClock();
  const connections = new Connections(server, clock);
  onTestFinished(() => connections.dispose());
  server.on('request', handler);
  return { clock, connections, server, port: await serve(server) };
}

export const hello: RequestListener = (_request, response) => void response.end('hello');

/** Replies that the test gives, by path. */
export function replies() {
  const waiting = new Map<string, ServerResponse>();
  const handler: RequestListener = (request, response) => void waiting.set(String(request.url), response);
  const take = async (path: string) => (await until(() => waiting.get(path))) as ServerResponse;
  return { handler, take };
}
