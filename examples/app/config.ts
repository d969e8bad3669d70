import { databaseUrl, type Environment, host, oneOf, readEnvironment, wholeNumber } from './environment.ts';

/** How to reach the database. */
export interface DatabaseConfig {
  /** Connection string of the database. Undefined: start an embedded one. */
  databaseUrl: string | undefined;
  /** `true` verifies the server's certificate, `no-verify` encrypts without; undefined leaves it to the connection string. */
  databaseSsl: 'true' | 'false' | 'no-verify' | undefined;
  /** How many connections this instance may hold. */
  poolSize: number;
}

/** The service's configuration, from its environment. */
export interface Config extends DatabaseConfig {
  /** TCP port to listen on; 0 takes a free one. */
  port: number;
  /** Address to listen on. Undefined: every IPv6 and IPv4 address, or IPv4 alone where there is no IPv6. */
  host: string | undefined;
  /** TCP port of the listener for health and metrics alone; 0 takes a free one. */
  adminPort: number;
  /** Its address. Probes and Prometheus from outside cannot reach loopback; any other address hides the details of checks. */
  adminHost: string;
  /** The lowest level that is logged. */
  logLevel: LogLevel;
  /** How long to keep serving after a signal while load balancers notice, in milliseconds. */
  drainDelayMs: number;
  /** How long an idle connection stays open, in milliseconds: longer than any proxy in front keeps it. */
  keepAliveTimeoutMs: number;
  /** Used heap at which the check `memory` warns, in bytes. Undefined: nine tenths of V8's limit. */
  memoryWarnBytes: number | undefined;
  /** True if `NODE_ENV` is `production`: nothing is started for the developer's convenience. */
  isProduction: boolean;
}

/** The levels of pino, the most severe first. */
type LogLevel = (typeof logLevels)[number];

/** The default of `gracefulShutdown`, in milliseconds: longer than HAProxy takes to notice. */
const DRAIN_DELAY_MS = 7000;

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
const sslModes = ['true', 'false', 'no-verify'] as const;
const longestMs = 2_147_483_647;
const portRange = 'a whole number from 0 to 65535';
const address = 'a host name or an IP address, without a port';

const nodeEnv = oneOf(['production', 'development', 'test'])({
  desc: "'production', 'development' or 'test'",
  example: 'production',
  default: 'development',
});

const databaseSpecs = {
  NODE_ENV: nodeEnv,
  DATABASE_URL: databaseUrl({
    desc: 'a PostgreSQL connection string (required when NODE_ENV is production)',
    example: 'postgres://user:password@db.example.com:5432/app',
    default: undefined,
    requiredWhen: ({ NODE_ENV }) => NODE_ENV === 'production',
  }),
  DATABASE_SSL: oneOf(sslModes)({
    desc: "'true' (TLS with a verified certificate), 'no-verify' (TLS without verification) or 'false'",
    example: 'true',
    default: undefined,
  }),
  POOL_SIZE: wholeNumber(1, 1000)({ desc: 'a whole number from 1 to 1000', example: '10', default: 10 }),
};

const specs = {
  ...databaseSpecs,
  PORT: wholeNumber(0, 65_535)({ desc: portRange, example: '4000', default: 4000 }),
  HOST: host({ desc: address, example: '::', default: undefined }),
  ADMIN_PORT: wholeNumber(0, 65_535)({ desc: portRange, example: '9091', default: 9091 }),
  ADMIN_HOST: host({ desc: address, example: '::', default: '127.0.0.1' }),
  LOG_LEVEL: oneOf(logLevels)({ desc: `one of ${logLevels.join(', ')}`, example: 'info', default: 'info' }),
  DRAIN_DELAY_MS: wholeNumber(
    0,
    longestMs,
  )({
    desc: `a whole number of milliseconds from 0 to ${longestMs}`,
    example: String(DRAIN_DELAY_MS),
    default: undefined,
  }),
  KEEP_ALIVE_TIMEOUT_MS: wholeNumber(
    1,
    longestMs,
  )({
    desc: `a whole number of milliseconds from 1 to ${longestMs}, more than the proxy in front keeps an idle connection`,
    example: '65000',
    default: 65_000,
  }),
  MEMORY_WARN_BYTES: wholeNumber(
    1,
    Number.MAX_SAFE_INTEGER,
  )({
    desc: 'a whole number of bytes, at least 1',
    example: '300000000',
    default: undefined,
  }),
};

/**
 * Reads the environment of the service. Every variable has a default, except `DATABASE_URL` in production.
 * @throws EnvironmentError with every fault: the variable, what was expected, what was found, an example. Never a secret
 */
export function readConfig(env: Environment): Config {
  const values = readEnvironment(env, specs, (found) => [...sslFaults(found), ...portFaults(found)]);
  const isProduction = values.NODE_ENV === 'production';
  return {
    ...databaseConfig(values),
    port: values.PORT,
    host: values.HOST,
    adminPort: values.ADMIN_PORT,
    adminHost: values.ADMIN_HOST,
    logLevel: values.LOG_LEVEL,
    // Nobody waits for a balancer on a developer's machine.
    drainDelayMs: values.DRAIN_DELAY_MS ?? (isProduction ? DRAIN_DELAY_MS : 0),
    keepAliveTimeoutMs: values.KEEP_ALIVE_TIMEOUT_MS,
    memoryWarnBytes: values.MEMORY_WARN_BYTES,
    isProduction,
  };
}

const releaseSpecs = {
  ...databaseSpecs,
  DATABASE_URL: databaseUrl({
    desc: 'a PostgreSQL connection string',
    example: 'postgres://user:password@db.example.com:5432/app',
    default: undefined,
  }),
  MIGRATE_DATABASE_URL: databaseUrl({
    desc: 'a PostgreSQL connection string to the server itself, past any pooler',
    example: 'postgres://user:password@db.example.com:5432/app',
    default: undefined,
  }),
};

/**
 * Reads what the release commands need: the database, which must be given, and nothing else. `MIGRATE_DATABASE_URL` takes
 * precedence over `DATABASE_URL`: the address of the server itself, where the other one is a pooler's.
 * @throws EnvironmentError with every fault
 */
export function readReleaseConfig(env: Environment): DatabaseConfig & { databaseUrl: string } {
  // There is no point in migrating an embedded database, which is about to vanish: one must be given everywhere.
  const values = readEnvironment(env, releaseSpecs, (found) => [
    ...(env.DATABASE_URL || env.MIGRATE_DATABASE_URL ? [] : [noDatabase]),
    ...sslFaults(found),
    ...sslFaults({ ...found, DATABASE_URL: found.MIGRATE_DATABASE_URL }, 'MIGRATE_DATABASE_URL'),
  ]);
  return {
    ...databaseConfig(values),
    databaseUrl: String(values.MIGRATE_DATABASE_URL ?? values.DATABASE_URL),
  };
}

const noDatabase =
  'Expected DATABASE_URL to be a PostgreSQL connection string, or MIGRATE_DATABASE_URL to be one, got neither; ' +
  'for example DATABASE_URL=postgres://user:password@db.example.com:5432/app';

interface DatabaseValues {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_SSL?: DatabaseConfig['databaseSsl'];
  readonly POOL_SIZE?: number;
}

function databaseConfig(values: DatabaseValues & { POOL_SIZE: number }): DatabaseConfig {
  return { databaseUrl: values.DATABASE_URL, databaseSsl: values.DATABASE_SSL, poolSize: values.POOL_SIZE };
}

/** In pg the connection string wins, silently: DATABASE_SSL=true would then verify nothing. */
function sslFaults(
  { DATABASE_URL: url, DATABASE_SSL: ssl }: DatabaseValues,
  name = 'DATABASE_URL',
): string[] {
  if (url === undefined || ssl === undefined || !/[?&](?:sslmode|ssl)=/.test(url)) return [];
  return [
    `Expected DATABASE_SSL or \`sslmode\` in ${name}, got both: take \`sslmode\` out; for example DATABASE_SSL=true`,
  ];
}

function portFaults({ PORT: port, ADMIN_PORT: adminPort }: { PORT?: number; ADMIN_PORT?: number }): string[] {
  if (port === undefined || port === 0 || port !== adminPort) return [];
  return [
    `Expected ADMIN_PORT to be another port than PORT, got ${port} for both; for example ADMIN_PORT=9091`,
  ];
}
