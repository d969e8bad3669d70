import type { TestProject } from 'vitest/node';
import { startLocalDatabase } from '../../examples/app/local-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the cluster that all test files share; see `createDatabase()`. */
    sharedClusterUrl: string;
  }
}

/** Starts one PostgreSQL for the whole test run, and ends it after the last test. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = await startLocalDatabase({ maxConnections: 200 });
  project.provide('sharedClusterUrl', database.url);
  return () => database.stop();
}
