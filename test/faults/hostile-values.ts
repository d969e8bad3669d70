import type { CheckFunction } from '../../src/health/checker.ts';
import type { Hostile } from './hostile.ts';

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** Refuses everything that can be done to an object. */
function untouchable(): never {
  const refuse = () => {
    throw new Error('hands off');
  };
  const traps = Object.getOwnPropertyNames(Reflect).map((trap) => [trap, refuse]);
  return new Proxy(() => undefined, Object.fromEntries(traps)) as never;
}

function revoked(): never {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as never;
}

function circular(): Record<string, unknown> {
  const circle: Record<string, unknown> = { list: [] };
  circle.self = circle;
  (circle.list as unknown[]).push(circle.list, circle);
  return circle;
}

function failingMessage(): Error {
  return Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('no message for you');
    },
  });
}

/** Throws what it is given. */
export const throwing = (what: () => unknown): CheckFunction => {
  return () => {
    throw what();
  };
};
/** Rejects with what it is given. */
export const rejecting = (what: () => unknown): CheckFunction => {
  return () => Promise.reject(what());
};
/** Returns what it is given. */
export const returning = (what: () => unknown): CheckFunction => {
  return () => what() as never;
};
const detailed = (details: () => unknown): CheckFunction =>
  returning(() => ({ status: 'error', details: details() }));

/** Checkers that throw, or reject with, what is hard to read. */
export const THROWN: readonly Hostile[] = [
  ['undefined', () => undefined, /^the checker threw `undefined`$/],
  ['null', () => null, /^the checker threw `null`$/],
  ['a frozen object', () => Object.freeze({ code: 'x' }), /^the checker threw an object with `code`$/],
  [
    'an Error whose message getter throws',
    failingMessage,
    /^the checker threw an error that cannot be read$/,
  ],
  ['a Symbol', () => Symbol('s'), /Symbol\(s\)/],
  ['a BigInt', () => 10n ** 5_000n, /^the checker threw `1000/],
  ['an Error without a message', () => new Error(), /^Error$/],
  [
    'an Error that is its own cause',
    () => Object.assign(new Error('round'), { cause: circular() }),
    /^round$/,
  ],
  ['a message of ten megabytes', () => new Error('x'.repeat(TEN_MEGABYTES)), /…$/],
  ['a Proxy that throws on every trap', untouchable, /threw/],
  ['a revoked Proxy', revoked, /threw/],
  [
    'an AggregateError of rubbish',
    () => new AggregateError([null, undefined, 1n, Symbol('x')]),
    /null; undefined; `1n` \(bigint\)/,
  ],
].flatMap(([name, what, message]) => [
  {
    name: `throws ${name}`,
    checker: () => throwing(what as () => unknown),
    status: 'error',
    message,
  } as Hostile,
  {
    name: `rejects with ${name}`,
    checker: () => rejecting(what as () => unknown),
    status: 'error',
    message,
  } as Hostile,
]);

/** Checkers that return what is hard to read. */
export const RETURNED: readonly Hostile[] = [
  ...[
    false,
    true,
    null,
    0,
    'ok',
    10n,
    Symbol('s'),
    [],
    {},
    { status: 'banana' },
    { status: { toString: null } },
    Number.NaN,
  ].map(
    (value): Hostile => ({
      name: `returns ${String(typeof value === 'object' ? JSON.stringify(value) : String(value))} (${typeof value})`,
      checker: () => returning(() => value),
      status: 'error',
      message: /^Expected the checker to return nothing or/,
    }),
  ),
  {
    name: 'returns a Proxy that throws on every trap',
    checker: () => returning(untouchable),
    status: 'error',
    message: /hands off/,
  },
  { name: 'returns a revoked Proxy', checker: () => returning(revoked), status: 'error', message: /revoked/ },
  {
    name: 'returns a status that changes each time it is read',
    checker: () => {
      let reads = 0;
      return returning(() => ({
        get status() {
          return reads++ === 0 ? 'error' : 'ok';
        },
      }));
    },
    status: 'error',
  },
  {
    name: 'returns a message with newlines and terminal escapes',
    checker: () =>
      returning(() => ({ status: 'warning', message: 'a\r\nHTTP/1.1 200 OK\r\n\r\n\u001b[2J\u0007\u202eb' })),
    status: 'warning',
    message: /^a HTTP\/1\.1 200 OK \[2J b$/,
  },
  {
    name: 'returns ten megabytes of details',
    checker: () =>
      detailed(() => ({ text: 'x'.repeat(TEN_MEGABYTES), list: Array.from({ length: 1e6 }, () => 'y') })),
    status: 'error',
  },
  { name: 'returns circular details', checker: () => detailed(circular), status: 'error' },
  {
    name: 'returns BigInt and Symbol in its details',
    checker: () => detailed(() => ({ big: 1n, symbol: Symbol('s'), [Symbol('k')]: 1 })),
    status: 'error',
  },
  {
    name: 'returns details whose getter throws',
    checker: () =>
      detailed(() => ({
        get x() {
          throw new Error('no details');
        },
      })),
    status: 'error',
    message: /no details/,
  },
  {
    name: 'returns details whose toJSON throws',
    checker: () =>
      detailed(() => ({
        toJSON() {
          throw new Error('no');
        },
      })),
    status: 'error',
  },
  {
    name: 'returns details that pollute prototypes',
    checker: () =>
      detailed(() => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
    status: 'error',
  },
  { name: 'returns an untouchable Proxy as details', checker: () => detailed(untouchable), status: 'error' },
  {
    name: 'returns fields of every wrong type',
    checker: () =>
      returning(() => ({ status: 'ok', message: 1, code: {}, value: 'x', unit: 'bananas', details: 'x' })),
    status: 'ok',
  },
];

/** The same from a promise, which is another way through the code. */
export const RESOLVED: readonly Hostile[] = RETURNED.map((hostile) => ({
  ...hostile,
  name: hostile.name.replace('returns', 'resolves with'),
  checker: (victim) => {
    const check = hostile.checker(victim) as CheckFunction;
    return async (context) => check(context);
  },
}));
