import type { ClientConfig, PoolConfig } from 'pg';
import type { DatabaseConfig } from './config.ts';

/** The TLS options for pg. Without `DATABASE_SSL` the connection string decides. */
function tls(mode: DatabaseConfig['databaseSsl']): Pick<ClientConfig, 'ssl'> {
  if (mode === undefined) return {};
  return { ssl: mode === 'false' ? false : { rejectUnauthorized: mode === 'true' } };
}

/** How one connection is made, such as for the release commands. */
export function clientConfig({ databaseUrl, databaseSsl }: DatabaseConfig): ClientConfig {
  return { connectionString: databaseUrl, ...tls(databaseSsl) };
}

/** How the service's pool is made. */
export function poolConfig(config: DatabaseConfig): PoolConfig {
  return { ...clientConfig(config), max: config.poolSize };
}
