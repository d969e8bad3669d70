import { expect, describe as suite, test, vi } from 'vitest';
import { engineOf } from '../../src/health/source.ts';
import { DetailsGuard, type DetailsPolicy } from '../../src/http/details-policy.ts';
import type { ProbeRequest } from '../../src/http/probe-request.ts';
import { never, virtualHealth } from '../helpers/health.ts';

const request: ProbeRequest = {
  method: 'GET',
  target: '/',
  headers: {},
  remoteAddress: undefined,
  encrypted: false,
};

function guarded(policy: unknown) {
  const world = virtualHealth();
  const guard = new DetailsGuard(policy as DetailsPolicy, engineOf(world.health));
  return { ...world, shows: () => guard.shows(() => request) };
}

suite('details', () => {
  test('are shown always or never, without looking at the request', () => {
    const look = vi.fn(() => request);
    const { health } = virtualHealth();
    expect(new DetailsGuard('always', engineOf(health)).shows(look)).toBe(true);
    expect(new DetailsGuard('never', engineOf(health)).shows(look)).toBe(false);
    expect(look).not.toHaveBeenCalled();
  });

  test('are shown where a function of the request returns true, or a promise of it, and nothing else', async () => {
    const policy = vi.fn(() => true);
    expect(guarded(policy).shows()).toBe(true);
    expect(policy.mock.calls).toEqual([[request]]);
    for (const answer of [false, undefined, 1, 'true', {}]) expect(guarded(() => answer).shows()).toBe(false);
    expect(await guarded(async () => true).shows()).toBe(true);
    for (const answer of [false, undefined, 1, 'true'])
      expect(await guarded(async () => answer).shows()).toBe(false);
  });

  test('stay hidden where the policy throws, rejects or takes longer than an answer may take', async () => {
    const throwing = guarded(() => {
      throw 7;
    });
    expect(throwing.shows()).toBe(false);
    expect(throwing.logger.lines).toEqual([
      'warn The `details` policy failed, so details stay hidden {"reason":"the policy threw `7` (number)"}',
    ]);
    const rejecting = guarded(() => Promise.reject(new Error('no session')));
    expect(await rejecting.shows()).toBe(false);
    expect(rejecting.logger.lines[0]).toContain('"reason":"no session"');
    const hanging = guarded(never);
    const shows = hanging.shows();
    await hanging.clock.advance(800);
    expect(await shows).toBe(false);
    expect(hanging.logger.lines[0]).toContain('"reason":"no answer within 800 ms"');
  });

  test('that stay hidden again and again are logged once a minute', async () => {
    const { clock, logger, shows } = guarded(() => {
      throw new Error('no session');
    });
    shows();
    shows();
    await clock.advance(60_000);
    shows();
    expect(logger.lines).toHaveLength(2);
    expect(logger.lines[1]).toContain('hidden (and 1 more time since the last line)');
  });
});
