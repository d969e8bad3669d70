import { expect, describe as suite, test, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { gate, messageOf, pass, statuses, virtualHealth } from '../helpers/health.ts';

suite('unregistering', () => {
  test('returns whether there was such a check', () => {
    const { health } = virtualHealth();
    health.register('a', pass);
    expect(health.unregister('a')).toBe(true);
    expect(health.unregister('a')).toBe(false);
  });

  test('while answers wait for the check releases them without it and aborts its run', async () => {
    const { clock, health } = virtualHealth();
    let signal: AbortSignal | undefined;
    health.register('hung', (context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    });
    health.register('a', pass);
    const answer = health.report();
    await settle();
    health.unregister('hung');
    expect(statuses(await answer)).toEqual({ a: 'ok' });
    expect(signal?.reason.message).toBe('the check `hung` was unregistered');
    await clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });

  test('from within its own run is possible', async () => {
    const { health } = virtualHealth();
    health.register('once', () => {
      health.unregister('once');
    });
    health.register('later', async () => {
      await settle();
      health.unregister('later');
    });
    expect(statuses(await health.report())).toEqual({});
  });

  test('closes the checker, and logs one that cannot be closed', async () => {
    const { health, logger } = virtualHealth();
    const close = vi.fn();
    health.register('tidy', { kind: 'process', check: pass, close });
    health.register('untidy', {
      kind: 'process',
      check: pass,
      close: () => Promise.reject(new Error('stuck')),
    });
    health.unregister('tidy');
    health.unregister('untidy');
    await settle();
    expect(close).toHaveBeenCalledTimes(1);
    expect(logger.lines.join()).toContain('`untidy` could not be closed');
    expect(logger.lines.join()).toContain('stuck');
  });

  test('reports no result of a run that a listener of its abort signal unregistered', async () => {
    const { clock, health } = virtualHealth();
    const results = vi.fn();
    health.on('check', results);
    health.register('leaving', ({ signal }) => {
      signal.addEventListener('abort', () => health.unregister('leaving'));
      return new Promise(() => undefined);
    });
    const report = health.report();
    await clock.advance(800);
    expect(statuses(await report)).toEqual({});
    expect(results).not.toHaveBeenCalled();
  });

  test('stops a background check', async () => {
    const { clock, health } = virtualHealth();
    const check = vi.fn(pass);
    health.register('background', check, { intervalMs: 100 });
    health.unregister('background');
    await clock.advance(1_000);
    expect(check).toHaveBeenCalledTimes(1);
  });
});

suite('closing', () => {
  test('aborts runs, ends background checks, closes checkers, and reports errors from then on', async () => {
    const { clock, health } = virtualHealth();
    const close = vi.fn();
    let signal: AbortSignal | undefined;
    health.register('running', (context) => {
      signal = context.signal;
      return new Promise((resolve) => context.signal.addEventListener('abort', () => resolve(undefined)));
    });
    health.register('background', pass, { intervalMs: 100 });
    health.register('closing', { kind: 'dependency', check: pass, close });
    const waiting = health.report();
    await settle();
    const closed = vi.fn();
    health.on('close', closed);
    const end = health.close();
    expect(health.close()).toBe(end);
    await end;
    expect(closed).toHaveBeenCalledTimes(1);
    expect(signal?.aborted).toBe(true);
    expect(close).toHaveBeenCalledTimes(1);
    expect(statuses(await waiting).running).toBe('error');
    const report = await health.report();
    expect(statuses(report)).toEqual({ running: 'error', background: 'error', closing: 'error' });
    expect(messageOf(report, 'closing')).toBe('the check is closed and no longer runs');
    expect(clock.pending).toBe(0);
  });

  test('once, also when a listener of the event asks for it', async () => {
    const { health } = virtualHealth();
    const close = vi.fn();
    health.register('pool', { kind: 'dependency', check: pass, close });
    health.on('close', () => health.close());
    await health.close();
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('also waits for checks that were unregistered just before', async () => {
    const { health } = virtualHealth();
    const closing = gate();
    health.register('pool', { kind: 'dependency', check: pass, close: () => closing.promise });
    health.unregister('pool');
    let isClosed = false;
    const end = health.close().then(() => {
      isClosed = true;
    });
    await settle();
    expect(isClosed).toBe(false);
    closing.open(undefined);
    await end;
  });

  test('does not wait forever for a run or a checker that does not end', async () => {
    const { clock, health } = virtualHealth();
    const close = vi.fn(() => new Promise<void>(() => undefined));
    health.register('deaf', { kind: 'dependency', check: () => new Promise(() => undefined), close });
    void health.report();
    let isClosed = false;
    void health.close().then(() => {
      isClosed = true;
    });
    await clock.advance(799);
    expect(close).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(close).toHaveBeenCalledTimes(1);
    await clock.advance(799);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    expect(isClosed).toBe(true);
  });

  test('a check cannot be registered afterwards', async () => {
    const { health } = virtualHealth();
    await health.close();
    expect(() => health.register('a', pass)).toThrow(
      "Cannot register the check `'a'` (string): The controller is closed",
    );
  });
});
