import { describe, expect, test } from 'vitest';
import { readConfig, readReleaseConfig } from '../../../examples/app/config.ts';
import { clientConfig, poolConfig } from '../../../examples/app/database.ts';
import { type Environment, EnvironmentError } from '../../../examples/app/environment.ts';
import { LISTEN_DEFAULTS } from '../../../src/adapters/listen-options.ts';
import { SHUTDOWN_DEFAULTS } from '../../../src/shutdown/options.ts';

const url = 'postgres://user:s3cret-word@db.example.com:5432/app';

/** The faults of an environment that cannot work. */
function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  throw new Error('Expected faults, found none');
}

const faults = (env: Environment) => faultsOf(() => readConfig(env));

describe('the configuration of the example service', () => {
  test('has a default for everything while nothing is set, and takes an empty variable for not set', () => {
    const defaults = {
      databaseUrl: undefined,
      databaseSsl: undefined,
      poolSize: 10,
      port: 4000,
      host: undefined,
      adminPort: LISTEN_DEFAULTS.port,
      adminHost: LISTEN_DEFAULTS.host,
      logLevel: 'info',
      drainDelayMs: 0,
      keepAliveTimeoutMs: 65_000,
      memoryWarnBytes: undefined,
      isProduction: false,
    };
    expect(readConfig({})).toEqual(defaults);
    expect(readConfig({ PORT: '', DATABASE_URL: '', HOST: '', LOG_LEVEL: '', NODE_ENV: '' })).toEqual(
      defaults,
    );
  });

  test('drains in production as long as the library does by default', () => {
    const env = { NODE_ENV: 'production', DATABASE_URL: url };
    expect(readConfig(env)).toMatchObject({
      drainDelayMs: SHUTDOWN_DEFAULTS.drainDelayMs,
      isProduction: true,
    });
    expect(readConfig({ ...env, DRAIN_DELAY_MS: '0' }).drainDelayMs).toBe(0);
  });

  test('reads every variable', () => {
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: url,
      DATABASE_SSL: 'no-verify',
      POOL_SIZE: '3',
      PORT: '8080',
      HOST: 'fly-local-6pn',
      ADMIN_PORT: '0',
      ADMIN_HOST: '::',
      LOG_LEVEL: 'warn',
      DRAIN_DELAY_MS: '12000',
      KEEP_ALIVE_TIMEOUT_MS: '610000',
      MEMORY_WARN_BYTES: '300000000',
    };
    expect(readConfig(env)).toEqual({
      databaseUrl: url,
      databaseSsl: 'no-verify',
      poolSize: 3,
      port: 8080,
      host: 'fly-local-6pn',
      adminPort: 0,
      adminHost: '::',
      logLevel: 'warn',
      drainDelayMs: 12_000,
      keepAliveTimeoutMs: 610_000,
      memoryWarnBytes: 300_000_000,
      isProduction: true,
    });
  });

  test('lists every issue at once, each with the variable, what was expected, what was found and an example', () => {
    expect(faults({ NODE_ENV: 'production', PORT: 'http', POOL_SIZE: '0', LOG_LEVEL: 'loud' })).toEqual([
      'Expected DATABASE_URL to be a PostgreSQL connection string (required when NODE_ENV is production), got nothing; ' +
        'for example DATABASE_URL=postgres://user:password@db.example.com:5432/app',
      "Expected POOL_SIZE to be a whole number from 1 to 1000, got '0'; for example POOL_SIZE=10",
      "Expected PORT to be a whole number from 0 to 65535, got 'http'; for example PORT=4000",
      "Expected LOG_LEVEL to be one of silent, fatal, error, warn, info, debug, trace, got 'loud'; for example LOG_LEVEL=info",
    ]);
  });

  test.each([
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '4e3'],
    ['PORT', '0x10'],
    ['PORT', ' 80'],
    ['POOL_SIZE', '1001'],
    ['DRAIN_DELAY_MS', '7s'],
    ['DRAIN_DELAY_MS', '2147483648'],
    ['KEEP_ALIVE_TIMEOUT_MS', '0'],
    ['MEMORY_WARN_BYTES', '300MB'],
    ['DATABASE_SSL', 'yes'],
    ['HOST', 'http://localhost'],
    ['HOST', 'localhost:4000'],
    ['ADMIN_HOST', '[::]'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'INFO'],
  ])('refuses %s=%s', (name, value) => {
    expect(faults({ [name]: value })).toEqual([expect.stringContaining(`Expected ${name} to be`)]);
  });

  test.each([
    'db.example.com',
    'mysql://user:s3cret-word@db/app',
    'postgres://',
    'postgres://user:s3cret-word@db:port/app',
  ])('never repeats a connection string that is not one: %s', (wrong) => {
    const [fault, ...more] = faults({ DATABASE_URL: wrong });
    expect(more).toEqual([]);
    expect(fault).toContain('Expected DATABASE_URL to be a PostgreSQL connection string');
    expect(fault).not.toContain('s3cret-word');
    expect(fault).not.toContain('db.example.com,');
  });

  test('never repeats a password that was given to the wrong variable', () => {
    expect(faults({ PORT: url, LOG_LEVEL: url, HOST: url }).join()).not.toContain('s3cret-word');
  });

  test('wants TLS and the ports said once', () => {
    expect(faults({ DATABASE_URL: `${url}?sslmode=disable`, DATABASE_SSL: 'true', PORT: '9091' })).toEqual([
      expect.stringContaining('Expected DATABASE_SSL or `sslmode` in DATABASE_URL, got both'),
      expect.stringContaining('Expected ADMIN_PORT to be another port than PORT, got 9091 for both'),
    ]);
    expect(readConfig({ PORT: '0', ADMIN_PORT: '0' })).toMatchObject({ port: 0, adminPort: 0 });
  });

  test('gives pg the pool size, and verifies certificates unless told not to', () => {
    const config = (ssl: string) => readConfig({ DATABASE_URL: url, DATABASE_SSL: ssl, POOL_SIZE: '3' });
    expect(poolConfig(config(''))).toEqual({ connectionString: url, max: 3 });
    expect(clientConfig(config('true'))).toEqual({
      connectionString: url,
      ssl: { rejectUnauthorized: true },
    });
    expect(clientConfig(config('no-verify')).ssl).toEqual({ rejectUnauthorized: false });
    expect(clientConfig(config('false')).ssl).toBe(false);
  });

  test('for a release needs the database, wherever it runs, and nothing else', () => {
    expect(readReleaseConfig({ DATABASE_URL: url, PORT: 'http' })).toMatchObject({ databaseUrl: url });
    expect(faultsOf(() => readReleaseConfig({ NODE_ENV: 'development', DATABASE_URL: '' }))).toEqual([
      expect.stringContaining('Expected DATABASE_URL to be'),
    ]);
  });

  test('for a release takes MIGRATE_DATABASE_URL, which goes past a pooler, before DATABASE_URL', () => {
    const direct = url.replace('db.', 'direct.');
    const both = { DATABASE_URL: url, MIGRATE_DATABASE_URL: direct, DATABASE_SSL: 'true' };
    expect(readReleaseConfig(both)).toMatchObject({ databaseUrl: direct, databaseSsl: 'true' });
    expect(readReleaseConfig({ MIGRATE_DATABASE_URL: direct })).toMatchObject({ databaseUrl: direct });
    expect(faultsOf(() => readReleaseConfig({ MIGRATE_DATABASE_URL: 's3cret-word' })).join()).toMatch(
      /^Expected MIGRATE_DATABASE_URL to be (?!.*s3cret-word)/,
    );
    expect(
      faultsOf(() => readReleaseConfig({ ...both, MIGRATE_DATABASE_URL: `${direct}?sslmode=require` })),
    ).toEqual([expect.stringContaining('`sslmode` in MIGRATE_DATABASE_URL, got both')]);
  });
});
