import { expect, describe as suite, test, vi } from 'vitest';
import { engineOf } from '../../src/health/source.ts';
import { markPeerCheck } from '../../src/internal/peer-check.ts';
import { fail, pass, statuses, virtualHealth } from '../helpers/health.ts';

suite('a service that another one checks', () => {
  test('is answered from the last results of checks that ask peers, which neither run nor count', async () => {
    const { health } = virtualHealth();
    const peer = vi.fn(fail);
    const database = vi.fn(pass);
    health
      .register('peer', markPeerCheck({ kind: 'dependency' as const, check: peer }))
      .register('database', database);
    const report = await engineOf(health).lookForPeer('ready');
    expect(statuses(report)).toEqual({ peer: 'error', database: 'ok' });
    expect(report.status).toBe('healthy');
    expect([peer.mock.calls.length, database.mock.calls.length]).toEqual([0, 1]);
    expect((await health.report('ready')).status).toBe('unhealthy');
    expect(engineOf(health).hasPeerChecks).toBe(true);
  });

  test('reports what is really wrong with it', async () => {
    const { health } = virtualHealth();
    health
      .register('peer', markPeerCheck({ kind: 'dependency' as const, check: pass }))
      .register('database', async () => fail());
    expect((await engineOf(health).lookForPeer('all')).status).toBe('unhealthy');
  });

  test('two services that check each other come up, and one that is broken takes only itself out', async () => {
    const one = virtualHealth();
    const other = virtualHealth();
    let isBroken = false;
    const asking = (peer: typeof one) =>
      markPeerCheck({
        kind: 'dependency' as const,
        check: async () => {
          const { status } = await engineOf(peer.health).lookForPeer('ready');
          return { status: status === 'healthy' ? ('ok' as const) : ('error' as const) };
        },
      });
    one.health.register('other', asking(other), { maxAgeMs: 0 });
    other.health
      .register('one', asking(one), { maxAgeMs: 0 })
      .register('disk', () => (isBroken ? fail() : undefined), { maxAgeMs: 0 });
    expect((await one.health.report('ready')).status).toBe('healthy');
    expect((await other.health.report('ready')).status).toBe('healthy');
    isBroken = true;
    expect((await one.health.report('ready')).status).toBe('unhealthy');
    expect(statuses(await other.health.report('ready'))).toEqual({ one: 'ok', disk: 'error' });
    isBroken = false;
    expect((await one.health.report('ready')).status).toBe('healthy');
  });

  test('without checks that ask peers answers as it does to everyone', async () => {
    const { health } = virtualHealth();
    health.register('database', pass);
    expect(await engineOf(health).lookForPeer('ready')).toBe(await health.report('ready'));
    expect(engineOf(health).hasPeerChecks).toBe(false);
  });
});
