/** What the service is told by its environment. */
export interface Config {
  /** TCP port to listen on; 0 takes a free one. */
  port: number;
  /** Connection string of the database. Undefined: start one of our own. */
  databaseUrl: string | undefined;
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`Expected PORT to be a whole number from 0 to 65535, got '${text}'`);
}

/**
 * Reads `PORT` (default 4000), `DATABASE_URL` and `NODE_ENV`.
 * @throws Error naming the variable and a value that would do
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  // An empty variable is what `PORT= node server.js` and many a template leave: not set.
  const databaseUrl = env.DATABASE_URL || undefined;
  if (databaseUrl === undefined && env.NODE_ENV === 'production') {
    throw new Error(
      'Expected DATABASE_URL to be set, because NODE_ENV is production; ' +
        'for example DATABASE_URL=postgres://user:password@db.example.com:5432/app',
    );
  }
  return { port: readPort(env.PORT || '4000'), databaseUrl };
}
