import { expect } from 'vitest';
import { backends } from '../helpers/database.ts';
import type { Fault, Notice, Scene } from './faults.ts';
import { type Answer, MAX_AGE_MS, POOL_MAX, type Service, TIMEOUT_MS, until } from './service.ts';

/** Ten times what an answer may take. */
const ANSWERED_WITHIN_MS = 10 * TIMEOUT_MS;
/** Ten times what the truth may take to show. */
const SEEN_WITHIN_MS = 10 * (MAX_AGE_MS + TIMEOUT_MS);
/** A dedicated connection pauses between failures, and an attempt may be under way: 5 s and 1 s at most. */
const RECONNECTED_WITHIN_MS = 10_000;
/** During the fault each service is asked until this many further runs have ended. */
const FURTHER_RUNS = 2;

/** Walks every service through healthy → fault → healed, and holds what a health check promises on the way. */
export async function walk(fault: Fault, scene: Scene): Promise<void> {
  const { services } = scene;
  await Promise.all(services.map((service) => until(async () => (await ask(service)).statusCode === 200)));
  await Promise.all(services.map(untilAtRest));
  await fault.inject(scene);
  const faultAt = Date.now();
  await Promise.all(services.map((service) => holdDuring(service, fault.notices[service.access], faultAt)));
  for (const undo of scene.undo.splice(0)) await undo();
  if (fault.heal) await fault.heal(scene);
  else scene.proxy.pass();
  const healedAt = performance.now();
  await Promise.all(services.map((service) => holdAfter(service, healedAt)));
  for (const service of services) await holdPool(service);
  await holdServer(scene);
}

/** One probe, and what holds of every answer, in whatever state the world is. */
async function ask(service: Service): Promise<Answer> {
  const answer = await service.probe();
  expect(answer.tookMs, `${service.access}: how long an answer took`).toBeLessThan(ANSWERED_WITHIN_MS);
  const { database, ...others } = answer.checks;
  expect(Object.values(others).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  expect(answer.statusCode).toBe(database?.status === 'ok' ? 200 : 503);
  if (database?.status !== 'ok') expect(database?.message).toMatch(/\w{3}/);
  return answer;
}

/** A cold service has no connection left once it is at rest. */
async function untilAtRest({ access, pool }: Service): Promise<void> {
  if (access === 'cold') await until(() => pool.totalCount === 0);
}

async function holdDuring(service: Service, notice: Notice, faultAt: number): Promise<void> {
  const began = performance.now();
  const seen = new Set<number>();
  const name = `${service.access}, ${notice}`;
  const probe = async () => {
    const answer = await ask(service);
    if (answer.runBeganAt > faultAt) {
      seen.add(answer.runBeganAt);
      if (notice === 'lasting') expect(answer.statusCode, `${name}: a run during the fault`).toBe(503);
      if (notice === 'never')
        expect(answer.statusCode, `${name}: ${answer.checks.database?.message}`).toBe(200);
    }
    return answer;
  };
  if (notice === 'lasting' || notice === 'once') {
    await until(async () => (await probe()).statusCode === 503);
    expect(performance.now() - began, `${name}: until the fault showed`).toBeLessThan(SEEN_WITHIN_MS);
  }
  if (notice === 'once') await until(async () => (await probe()).statusCode === 200);
  const enough = seen.size + FURTHER_RUNS;
  await until(async () => {
    await probe();
    return seen.size >= enough;
  });
}

async function holdAfter(service: Service, healedAt: number): Promise<void> {
  const bound = service.access === 'dedicated' ? RECONNECTED_WITHIN_MS : SEEN_WITHIN_MS;
  await until(async () => (await ask(service)).statusCode === 200);
  expect(performance.now() - healedAt, `${service.access}: until the healing showed`).toBeLessThan(bound);
}

/** Every client of the pool can be had at once and works, and nobody waits. */
async function holdPool({ pool }: Service): Promise<void> {
  const clients = await Promise.all(Array.from({ length: POOL_MAX }, () => pool.connect()));
  await Promise.all(clients.map((client) => client.query('SELECT 1')));
  expect(pool.waitingCount).toBe(0);
  expect(pool.totalCount).toBe(POOL_MAX);
  for (const client of clients) client.release();
}

/** The server knows of no more connections than the pools do, and of one for each check with its own. */
async function holdServer({ services, url }: Scene): Promise<void> {
  const allowed = services.reduce((sum, { access }) => sum + POOL_MAX + (access === 'dedicated' ? 1 : 0), 0);
  await until(async () => (await backends(url)).length <= allowed);
}
