import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { shareConnections } from '../../src/server/shared-connections.ts';
import { VirtualClock } from '../../src/testing/index.ts';

test('the users of a server share its connections, and the last one leaves no listener', () => {
  const server = createServer();
  const before = server.eventNames().map((event) => server.listenerCount(event));
  const clock = new VirtualClock();
  const [one, other] = [shareConnections(server, clock), shareConnections(server, clock)];
  expect(other.connections).toBe(one.connections);
  one.release();
  expect(server.listenerCount('connection')).toBeGreaterThan(
    before[server.eventNames().indexOf('connection')] ?? 0,
  );
  const third = shareConnections(server, clock);
  expect(third.connections).toBe(one.connections);
  other.release();
  third.release();
  expect(server.eventNames().map((event) => server.listenerCount(event))).toEqual(before);
  const again = shareConnections(server, clock);
  expect(again.connections).not.toBe(one.connections);
  again.release();
});
