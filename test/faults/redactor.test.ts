import { Registry } from 'prom-client';
import { expect, onTestFinished, describe as suite, test } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import { error } from '../../src/index.ts';
import { prometheus } from '../../src/metrics/prometheus.ts';
import { DRIVER_ERRORS, type DriverError } from '../fixtures/driver-errors.ts';
import { virtualHealth } from '../helpers/health.ts';
import { serve } from '../helpers/http.ts';

/** Passwords as people choose them; the last ones come escaped, as they have to be in a URL, and not. */
const PASSWORDS = [
  'Pl4nt3d-s3cret',
  'pl4nt3d.s3cret!$',
  'pl4nt3d%40s3cret%2F',
  'pl4/nt3d#s3cret',
  'pl4nt3d:s3cret',
];

/** What is left of any of them, whole or in part. */
const TRACE = /nt3d|s3cr/i;

const ACCEPTS = ['*/*', 'application/json', 'application/health+json', 'text/html', 'text/plain'];

function planted<T>(value: T, password: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('SECRET', password)) as T;
}

function errorOf({ message, code, cause, errors, fields }: DriverError): Error {
  const options = cause === undefined ? {} : { cause: new Error(cause) };
  const made = errors
    ? new AggregateError(
        errors.map((each) => new Error(each)),
        message,
        options,
      )
    : new Error(message, options);
  return Object.assign(made, code === undefined ? {} : { code }, fields);
}

/** A service in which the error comes out of everything that it can come out of. */
async function leakyService(failure: DriverError) {
  const { health, clock, logger } = virtualHealth();
  const told: unknown[] = [];
  const raise = () => {
    throw errorOf(failure);
  };
  health.on('check', (event) => told.push(event));
  health.on('checkChange', (change) => told.push(change));
  health.on('groupChange', (change) => told.push(change));
  health.on('check', raise);
  health.register('throws', raise);
  health.register('rejects', async () => raise());
  health.register('returns', () =>
    error(failure.message, { code: String(failure.code), details: { ...failure.fields } }),
  );
  health.register('details', () =>
    error('see details', { details: { error: errorOf(failure), ...errorOf(failure) } }),
  );
  health.register('garbage', () => failure.message as never);
  health.register('key', () => error('odd', { details: { [failure.message]: 1 } }));
  health.register('hangs', (context) => {
    context.setTimeoutMessage(failure.message);
    return new Promise(() => undefined);
  });
  health.register('close', { kind: 'dependency', check: () => undefined, close: raise });
  void health.report();
  await clock.advance(800);
  const options = { details: 'always', metrics: prometheus(health, { registry: new Registry() }) } as const;
  const shown = await serve(middleware(health, options));
  const throwing = await serve(
    middleware(health, { ...options, details: raise, metrics: { contentType: 'x', metrics: raise } }),
  );
  onTestFinished(() => health.close());
  return { health, clock, logger, told, urls: [shown.url, throwing.url] };
}

/** Everything that a person, a prober or a log may get to see. */
async function everythingSaid(failure: DriverError): Promise<string[]> {
  const { health, clock, logger, told, urls } = await leakyService(failure);
  const said: string[] = [];
  const ask = async (path: string, accept: string) => {
    for (const url of urls) {
      const response = await fetch(url + path, { headers: { accept } });
      said.push(await response.text(), JSON.stringify([...response.headers]));
    }
  };
  for (const accept of ACCEPTS) await ask('/api/v1/health?verbose', accept);
  await ask('/api/v1/health/checks/throws?verbose', '*/*');
  await ask('/metrics', '*/*');
  const closing = health.close();
  await clock.advance(1_600);
  await closing;
  return [...said, ...told.map((event) => JSON.stringify(event)), ...logger.lines];
}

suite('no password in what a driver says comes out in a body, a header, an event, a metric or a log line', () => {
  test.each(DRIVER_ERRORS)('$driver: $message', { timeout: 60_000 }, async (failure) => {
    for (const password of PASSWORDS) {
      const said = await everythingSaid(planted(failure, password));
      expect(said.length).toBeGreaterThan(40);
      for (const text of said) expect(text).not.toMatch(TRACE);
    }
  });

  test('what is left still helps', async () => {
    const failure = DRIVER_ERRORS.find(({ message }) => message.startsWith('Unable to parse')) as DriverError;
    const said = await everythingSaid(planted(failure, 'Pl4nt3d-s3cret'));
    expect(said.join()).toContain(
      'Unable to parse ***@127.0.0.1:99999 with URL: Invalid URL: mongodb://***@127.0.0.1:99999',
    );
  });
});
