import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, describe as suite, test } from 'vitest';
import type { LocalDatabase } from '../../examples/app/local-database.ts';
import { createDatabase, query, startCluster } from '../helpers/database.ts';
import { type Access, type Service, startService, until } from './service.ts';

let cluster: LocalDatabase;

beforeAll(async () => {
  cluster = await startCluster();
});

async function services(role: 'primary' | 'standby', url: string): Promise<Service[]> {
  const accesses: Access[] = ['warm', 'dedicated'];
  const started = await Promise.all(accesses.map((access) => startService(url, access, { role })));
  onTestFinished(async () => {
    await Promise.all(started.map((service) => service.close()));
  });
  return started;
}

async function untilAll(all: readonly Service[], statusCode: number): Promise<void> {
  for (const service of all) await until(async () => (await service.probe()).statusCode === statusCode);
}

suite('the role of a server', () => {
  test('a primary that comes back as a standby, and is promoted', { timeout: 120_000 }, async () => {
    const url = await createDatabase(cluster);
    const wantPrimary = await services('primary', url);
    const wantStandby = await services('standby', url);
    await untilAll(wantPrimary, 200);
    await untilAll(wantStandby, 503);
    expect((await wantStandby[0]?.probe())?.checks.database).toMatchObject({
      code: 'ERR_POSTGRES_ROLE',
      message:
        'expected a standby server, found a primary: reads now load the primary; was the standby promoted?',
      details: { role: 'primary' },
    });

    await cluster.halt('fast');
    await writeFile(join(cluster.dataDir, 'standby.signal'), '');
    await cluster.start();
    await untilAll(wantStandby, 200);
    await untilAll(wantPrimary, 503);
    await until(async () => {
      const { database } = (await (wantPrimary[0] as Service).probe()).checks;
      return database?.message?.startsWith(
        'expected a primary server, found a standby: it accepts no writes',
      );
    });
    // A connection to the wrong server is closed, so that the next one can lead to the right one.
    await until(() => wantPrimary[0]?.pool.totalCount === 0);

    await query(cluster.url, 'SELECT pg_promote()');
    await untilAll(wantPrimary, 200);
    await untilAll(wantStandby, 503);
  });
});
