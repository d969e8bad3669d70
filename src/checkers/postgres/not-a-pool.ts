import { hasMethods } from '../../internal/validator.ts';

/** Something that is passed instead of a `pg.Pool` by mistake. */
interface Mistake {
  readonly what: string;
  /** What to pass instead. */
  readonly advice: string;
  is(value: object): boolean;
}

function has(value: object, ...keys: readonly string[]): boolean {
  return keys.every((key) => key in value);
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a Drizzle database',
    advice: 'pass its `$client`: postgres(db.$client), if that is a pg.Pool',
    is: (value) => has(value, '$client') && hasMethods(value, ['select', 'execute']),
  },
  {
    what: 'a TypeORM DataSource',
    advice: 'pass its pool, once it is initialized: postgres(dataSource.driver.master)',
    is: (value) => has(value, 'driver', 'manager') && hasMethods(value, ['initialize']),
  },
  {
    what: 'a Prisma client',
    advice: 'use ping(() => prisma.$queryRaw`SELECT 1`)',
    is: (value) => hasMethods(value, ['$queryRaw', '$connect']),
  },
  {
    what: 'a Knex instance',
    advice: "use ping(() => knex.raw('SELECT 1'))",
    is: (value) => hasMethods(value, ['raw', 'transaction']) && has(value, 'client'),
  },
  {
    what: 'a Sequelize instance',
    advice: "use ping(() => sequelize.query('SELECT 1'))",
    is: (value) => hasMethods(value, ['authenticate', 'query', 'define']),
  },
  {
    what: 'a postgres.js client',
    advice: 'use ping(() => sql`SELECT 1`, { cancel: (query) => query.cancel() })',
    is: (value) => typeof value === 'function' && hasMethods(value, ['unsafe', 'begin']),
  },
  {
    what: 'a MongoClient',
    advice: 'use ping(() => client.db().command({ ping: 1 }))',
    is: (value) => hasMethods(value, ['db', 'startSession', 'connect']),
  },
  {
    what: 'a Redis client',
    advice: 'use redis(client)',
    is: (value) => hasMethods(value, ['duplicate', 'sendCommand']),
  },
  {
    what: 'a MySQL pool',
    advice: 'use mysql(pool)',
    is: (value) => hasMethods(value, ['getConnection']),
  },
  {
    what: 'a pg.Client, which is one connection and does not reconnect',
    advice: 'pass a pg.Pool',
    // Pools have `totalCount`; clients made by wrappers have neither field.
    is: (value) =>
      hasMethods(value, ['connect', 'query', 'end']) &&
      !has(value, 'totalCount') &&
      has(value, 'connectionParameters'),
  },
];

/** The issue for a value that is a known mistake; undefined for a pool, and for anything unknown. */
export function notAPool(value: unknown): string | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const mistake = MISTAKES.find(({ is }) => is(value));
  return mistake && `Expected \`pool\` to be a pg.Pool, got ${mistake.what}; ${mistake.advice}`;
}
