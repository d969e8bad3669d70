import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import vm from 'node:vm';
import { expect, describe as suite, test } from 'vitest';
import { failureCode, failureMessage } from '../../src/internal/error-text.ts';

/** An error as another realm makes it: under Jest, or from `vm`. */
const foreign = (code: string) => vm.runInNewContext(code) as unknown;

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

suite('the message of what was thrown', () => {
  test.each([
    [
      'an error of another realm',
      foreign("Object.assign(new Error('read ECONNRESET'), { errno: -104, code: 'ECONNRESET' })"),
      'read ECONNRESET',
    ],
    [
      'an aggregate of another realm',
      foreign("new AggregateError([new Error('a'), new TypeError('b')], '')"),
      'a; b',
    ],
    [
      'an object with a message, as gRPC has them',
      { code: 14, message: '14 UNAVAILABLE: no connection' },
      '14 UNAVAILABLE: no connection',
    ],
    [
      'causes down to the root',
      new Error('outer', { cause: new Error('middle', { cause: new Error('root') }) }),
      'outer: middle: root',
    ],
    ['a cause that is a string', new Error('outer', { cause: 'out of luck' }), 'outer: out of luck'],
    [
      'a cause that the message repeats',
      new Error('outer: root', { cause: new Error('root') }),
      'outer: root',
    ],
    [
      'what an ORM wraps',
      Object.assign(new Error('ConnectionError'), { original: new Error('connect refused') }),
      'ConnectionError: connect refused',
    ],
    [
      'the causes of the errors inside',
      new AggregateError([new Error('a', { cause: new Error('b') }), new Error('c')], 'all failed'),
      'all failed: a: b; c',
    ],
    ['an error without a message', new TypeError(), 'TypeError'],
    ['a string', 'out of order', "it threw `'out of order'` (string)"],
    ['nothing', undefined, 'it threw `undefined`'],
    ['null', null, 'it threw `null`'],
    ['an object with an empty message', { message: '' }, 'it threw an object with `message`'],
    [
      'an error with neither message nor name',
      Object.assign(new Error(), { name: '' }),
      'an error without a message',
    ],
    [
      'an error whose name is not a string',
      Object.assign(new Error(), { name: 7 }),
      'an error without a message',
    ],
    ['a cause that is null', new Error('outer', { cause: null }), 'outer'],
    [
      'a list of errors that cannot be read',
      Object.assign(new Error('outer'), { errors: revoked() }),
      'outer',
    ],
    [
      'a wrapped error that cannot be read',
      Object.assign(new Error('outer'), { original: revoked() }),
      'outer',
    ],
    ['a message that is null', Object.assign(new Error(), { message: null }), 'Error'],
    ['a line break after the message', new Error('outer\n', { cause: new Error('root') }), 'outer: root'],
    [
      'errors inside, some without a message',
      new AggregateError([new Error(''), new Error('refused'), new Error('')], 'all'),
      'all: refused',
    ],
    [
      'values that are no errors among those inside',
      new AggregateError([null, 7, 1n << 100_000n, function lookup() {}], 'all'),
      'all: null; 7; a bigint of more than 65536 bits; the function `lookup`',
    ],
  ])('%s', (_, thrown, message) => {
    expect(failureMessage(thrown, 'it')).toBe(message);
  });

  test.each(['driverError', 'originalError', 'original', 'parent', 'error', 'suppressed', 'lastNodeError'])(
    'goes on with an error under `%s`, and with nothing else there',
    (key) => {
      expect(failureMessage(Object.assign(new Error('outer'), { [key]: new Error('root') }))).toBe(
        'outer: root',
      );
      expect(failureMessage(Object.assign(new Error('outer'), { [key]: 'a name' }))).toBe('outer');
    },
  );

  test('that is too long loses its last word, which may be half a credential', () => {
    const message = `${'x'.repeat(900)} ${'y'.repeat(16_384 - 901)}z`;
    expect(failureMessage(new Error(message))).toBe(`${'x'.repeat(900)} …`);
  });

  test('of Promise.any names each reason', async () => {
    const attempt = Promise.any([Promise.reject(new Error('a down')), Promise.reject(new Error('b down'))]);
    const thrown = await attempt.catch((reason: unknown) => reason);
    expect(failureMessage(thrown)).toBe('All promises were rejected: a down; b down');
  });

  test('ends where causes go in a circle, and after sixteen errors', () => {
    const one = new Error('one');
    const two = new Error('two', { cause: one });
    one.cause = two;
    expect(failureMessage(one)).toBe('one: two');
    const many = new AggregateError(
      Array.from({ length: 100_000 }, (_, i) => new Error(`e${i}.`)),
      'many',
    );
    expect(failureMessage(many).split('; ')).toHaveLength(15);
  });

  test('names what threw, if that is not the checker', () => {
    expect(failureMessage(7)).toBe('the checker threw `7` (number)');
    expect(failureMessage(7, 'the listener')).toBe('the listener threw `7` (number)');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(failureMessage(proxy, 'the policy')).toBe('the policy threw an error that cannot be read');
  });
});

suite('the code of what was thrown', () => {
  test.each([
    ['its own', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['a number', { code: 14, message: 'x' }, '14'],
    [
      'that of the cause',
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'ECONNREFUSED',
    ],
    [
      'that of an error inside the cause',
      new TypeError('fetch failed', {
        cause: new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]),
      }),
      'ECONNREFUSED',
    ],
    [
      'that of the cause where its own is empty',
      Object.assign(new Error('x', { cause: { code: 'ECONNREFUSED' } }), { code: '' }),
      'ECONNREFUSED',
    ],
    ['a number where the error has a name of its own', { code: 14, name: 'GrpcError', message: 'x' }, '14'],
    ['none where the number is zero', { code: 0, message: 'x' }, undefined],
    ['none of an exception whose number is zero', new DOMException('x', 'OperationError'), undefined],
    ['none', new Error('x'), undefined],
    ['none that is a word', Object.assign(new Error('x'), { code: {} }), undefined],
  ])('%s', (_, thrown, code) => {
    expect(failureCode(thrown)).toBe(code);
  });

  test('is found among the first sixteen errors, each counted once', () => {
    const chain = (length: number): object =>
      length === 1 ? { code: 'EDEEP' } : new Error('x', { cause: chain(length - 1) });
    expect(failureCode(chain(16))).toBe('EDEEP');
    expect(failureCode(chain(17))).toBeUndefined();
    const again = new Error('again');
    for (const inside of [again, 'a string']) {
      const aggregate = new AggregateError(Array(16).fill(inside), 'all', { cause: { code: 'EROOT' } });
      expect(failureCode(aggregate)).toBe('EROOT');
    }
  });

  test('of a fetch that was refused is the socket’s, and of one that was aborted a word', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const refused = await fetch(`http://127.0.0.1:${port}/`).catch((thrown: unknown) => thrown);
    expect(failureCode(refused)).toBe('ECONNREFUSED');
    const aborted = await fetch('http://127.0.0.1:1/', { signal: AbortSignal.abort() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(failureCode(aborted)).toBe('ABORT_ERR');
    expect(failureCode(new DOMException('late', 'TimeoutError'))).toBe('TIMEOUT_ERR');
    expect(failureCode(new DOMException('copy', 'DataCloneError'))).toBe('DATA_CLONE_ERR');
  });
});

suite('a reason that can only be read in part', () => {
  const refusing = (key: string, error: object) =>
    Object.defineProperty(error, key, {
      get() {
        throw new Error('no');
      },
    });

  test.each([
    ['a cause that throws', refusing('cause', new Error('outer')), 'outer', undefined],
    [
      'a list that throws',
      refusing('errors', Object.assign(new Error('outer'), { code: 'E' })),
      'outer',
      'E',
    ],
    [
      'a cause without a readable message',
      new Error('outer', { cause: refusing('message', new Error()) }),
      'outer',
      undefined,
    ],
    [
      'a cause that has a code alone',
      new Error('outer', { cause: { code: 'ECONNREFUSED' } }),
      'outer',
      'ECONNREFUSED',
    ],
    [
      'causes in a list',
      new Error('outer', { cause: [new Error('a'), new Error('b')] }),
      'outer: a; b',
      undefined,
    ],
    ['a number as message', Object.assign(new Error(), { message: 404 }), '404', undefined],
    ['an error as message', Object.assign(new Error(), { message: new Error('deep') }), 'deep', undefined],
    [
      'an object as message',
      Object.assign(new Error(), { message: { detail: 1 } }),
      'a message that is not a string: an object',
      undefined,
    ],
    [
      'a cluster client, with the error of its last node',
      Object.assign(new Error('All failed.'), {
        lastNodeError: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      }),
      'All failed.: refused',
      'ECONNREFUSED',
    ],
  ])('%s', (_, thrown, message, code) => {
    expect(failureMessage(thrown)).toBe(message);
    expect(failureCode(thrown)).toBe(code);
  });
});
