// biome-ignore-all lint/suspicious/noThenProperty: thenables that misbehave are the point
import type { Checker, CheckFunction } from '../../src/health/checker.ts';
import type { HealthController } from '../../src/health/controller.ts';
import type { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { RESOLVED, RETURNED, rejecting, returning, THROWN, throwing } from './hostile-values.ts';

/** What a hostile checker may get hold of. */
interface Victim {
  readonly health: HealthController;
  readonly clock: VirtualClock;
}

/** A checker that does what no checker should, and what has to become of it. */
export interface Hostile {
  readonly name: string;
  checker(victim: Victim): Checker | CheckFunction;
  /** What its check shows; undefined where the check is gone afterwards. */
  readonly status: 'ok' | 'warning' | 'error' | undefined;
  readonly message?: RegExp;
}

const THENABLE: readonly Hostile[] = [
  {
    name: 'returns a thenable that settles twice',
    checker: () =>
      returning(() => ({
        then(yes: (v: unknown) => void, no: (e: unknown) => void) {
          yes({ status: 'warning' });
          yes(undefined);
          no(new Error('x'));
        },
      })),
    status: 'warning',
  },
  {
    name: 'returns a thenable that settles and throws',
    checker: () =>
      returning(() => ({
        then(yes: (v: unknown) => void) {
          yes({ status: 'warning' });
          throw new Error('late');
        },
      })),
    status: 'warning',
  },
  {
    name: 'returns a thenable that throws',
    checker: () =>
      returning(() => ({
        then() {
          throw new Error('then threw');
        },
      })),
    status: 'error',
    message: /^then threw$/,
  },
  {
    name: 'returns an object whose then cannot be read',
    checker: () =>
      returning(() => ({
        get then() {
          throw new Error('no then');
        },
      })),
    status: 'error',
    message: /^no then$/,
  },
  {
    name: 'returns a thenable that never calls back',
    checker: () => returning(() => ({ then: () => undefined })),
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'returns a promise of a thenable of itself',
    checker: () =>
      returning(() => {
        const self = { then: (yes: (v: unknown) => void) => yes({ status: 'ok', then: 1 }) };
        return Promise.resolve(self);
      }),
    status: 'ok',
  },
];

const NEVER = () => new Promise<undefined>(() => undefined);

const TIMING: readonly Hostile[] = [
  { name: 'never settles', checker: () => NEVER, status: 'error', message: /^no result within 800 ms$/ },
  {
    name: 'settles after minutes',
    checker:
      ({ clock }) =>
      () =>
        new Promise((resolve) => clock.setTimeout(() => resolve(undefined), 300_000)),
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'rejects after minutes',
    checker:
      ({ clock }) =>
      () =>
        new Promise((_, reject) => clock.setTimeout(() => reject(new Error('late')), 300_000)),
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'ignores the signal',
    checker:
      () =>
      ({ signal }) => {
        void signal;
        return NEVER();
      },
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'throws in its abort listener’s promise',
    checker:
      () =>
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'explains its timeout with what cannot be printed',
    checker: () => (context) => {
      context.setTimeoutMessage(() => ({ toString: null }) as never);
      return NEVER();
    },
    status: 'error',
    message: /^no result within 800 ms \(and no explanation/,
  },
  {
    name: 'explains its timeout with a credential',
    checker: () => (context) => {
      context.setTimeoutMessage('no answer from redis://u:hunter2@cache');
      return NEVER();
    },
    status: 'error',
    message: /^no answer from redis:\/\/\*\*\*@cache$/,
  },
];

const MEDDLING: readonly Hostile[] = [
  {
    name: 'unregisters itself while it runs',
    checker:
      ({ health }) =>
      async () => {
        health.unregister('hostile');
        await Promise.resolve();
      },
    status: undefined,
  },
  {
    name: 'unregisters itself and throws',
    checker:
      ({ health }) =>
      () => {
        health.unregister('hostile');
        throw new Error('gone');
      },
    status: undefined,
  },
  {
    name: 'awaits a report inside its own check',
    checker:
      ({ health }) =>
      async () => {
        await health.report();
      },
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'asks for a report while it is being started',
    checker:
      ({ health }) =>
      () => {
        void health.report();
      },
    status: 'ok',
  },
  {
    name: 'freezes what it is given',
    checker: () => (context) => {
      Object.freeze(context);
    },
    status: 'ok',
  },
  {
    name: 'freezes what it is given, and hangs',
    checker: () => (context) => {
      Object.freeze(context);
      return NEVER();
    },
    status: 'error',
    message: /^no result within 800 ms$/,
  },
  {
    name: 'listens to every event and throws',
    checker: ({ health }) => {
      health.on('check', throwing(() => null) as never);
      health.on('groupChange', rejecting(() => undefined) as never);
      return () => undefined;
    },
    status: 'ok',
  },
  {
    name: 'throws when it is closed',
    checker: () => ({ kind: 'dependency', check: () => undefined, close: throwing(() => null) as never }),
    status: 'ok',
  },
];

/** Every way of misbehaving that is known. */
export const HOSTILE: readonly Hostile[] = [
  ...THROWN,
  ...RETURNED,
  ...RESOLVED,
  ...THENABLE,
  ...TIMING,
  ...MEDDLING,
];
