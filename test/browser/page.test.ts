import { statSync } from 'node:fs';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { postgres } from '../../src/checkers/postgres/postgres.ts';
import { HealthController } from '../../src/health/controller.ts';
import { type CheckResult, error, ok, warning } from '../../src/health/result.ts';
import {
  BROWSER_PATH,
  expectAccessible,
  expectNoOverflow,
  launch,
  photograph,
  refresh,
  serveHealth,
  visit,
} from '../helpers/browser.ts';
import { createDatabase, startCluster } from '../helpers/database.ts';
import { memoryLogger } from '../helpers/health.ts';
import { SERVICE, type State } from '../helpers/stage.ts';

/** Every poll of the page runs the checks anew. */
const ALWAYS_ANEW = { maxAgeMs: 0 };
const PATIENCE = { timeout: 30_000, interval: 25 };

/** A service whose checks say what the test wants. */
function service() {
  const says: Record<string, CheckResult> = {};
  const health = new HealthController({ logger: memoryLogger(), service: SERVICE });
  for (const name of ['database', 'cache', 'disk'])
    health.register(name, () => says[name] ?? ok(), {
      ...ALWAYS_ANEW,
      failOn: name === 'disk' ? 'error' : 'warning',
      groups: name === 'cache' ? ['ready', 'web'] : ['ready'],
    });
  return { health, says };
}

async function inState(state: State) {
  const { health, says } = service();
  for (let run = 0; run < 40; run++) {
    if (run === 12) says.cache = warning('replica 31 s behind', { value: 31, unit: 'seconds' });
    if (run === 15) delete says.cache;
    if (run > 30 && state === 'unhealthy')
      says.database = error('connect ECONNREFUSED 10.0.3.7:5432', { code: 'ECONNREFUSED' });
    if (run > 25 && state === 'degraded')
      says.disk = warning('91 % of /var used', { value: 0.912, unit: 'ratio' });
    await health.report();
  }
  if (state === 'draining') health.drain();
  return { health, says };
}

if (BROWSER_PATH === undefined && process.env.CI) {
  test('there is a browser in CI', () => {
    expect.fail(
      'No browser found: install Chromium (Debian: apt-get install chromium), or set CHROMIUM_PATH',
    );
  });
} else if (BROWSER_PATH === undefined) {
  console.warn(
    'SKIPPED: the tests of the status page need Chromium. Install it, or set CHROMIUM_PATH to one.',
  );
}

describe.skipIf(BROWSER_PATH === undefined)('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  describe.each([
    ['healthy', 'Healthy', 'All 3 checks are ok.'],
    ['degraded', 'Degraded', '1 of 3 checks not ok: disk'],
    ['unhealthy', 'Unhealthy', '1 of 3 checks not ok: database'],
    ['draining', 'Draining', 'This instance is draining and takes no new traffic. All 3 checks are ok.'],
  ] as const)('of a service that is %s', (state, word, sentence) => {
    test('is shown in words, in the tab and in every scheme and width, and axe finds nothing', async () => {
      const { health } = await inState(state);
      const { page, faults, requests } = await visit(browser, (await serveHealth(health)).url);
      expect(await page.textContent('h1')).toBe(word);
      expect(await page.textContent('.verdict [role=status]')).toBe(sentence);
      expect(await page.title()).toMatch(new RegExp(`^. ${word} · notes-api$`));
      expect(await page.textContent('header')).toContain('1.4.2');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
        await page.setViewportSize({ width: 360, height: 800 });
        await expectAccessible(page);
        await page.setViewportSize({ width: 1280, height: 800 });
      }
      await photograph(page, state);
      expect(faults).toEqual([]);
      expect(new Set(requests.map((each) => new URL(each).pathname))).toEqual(new Set(['/']));
    });
  });

  test('distinguishes the states by shape and word, not by colour alone', async () => {
    const { health, says } = service();
    says.database = error('gone');
    says.cache = warning('slow');
    const { page } = await visit(browser, (await serveHealth(health)).url);
    const shape = (name: string) => page.getAttribute(`#check-${name} .mark path`, 'd');
    expect(new Set([await shape('database'), await shape('cache'), await shape('disk')]).size).toBe(3);
    const words = await page.locator('.state b').allTextContents();
    expect(words).toEqual(['error', 'warning', 'ok']);
  });

  test('keeps itself up to date by itself, and leaves focus, opened rows and nodes where they are', async () => {
    const { health, says } = service();
    const { page, faults } = await visit(browser, (await serveHealth(health)).url);
    await page.evaluate('window.row = document.querySelector("#check-database"); window.stays = true');
    await page.focus('#check-database summary');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('#check-database dl')).toBe(true);
    says.database = error('no answer to SELECT 1 within 800 ms', { code: 'ETIMEDOUT' });
    await expect.poll(() => page.textContent('h1'), PATIENCE).toBe('Unhealthy');
    expect(await page.textContent('#check-database .state')).toContain('no answer to SELECT 1');
    expect(await page.title()).toBe('✕ Unhealthy · notes-api');
    expect(
      await page.evaluate(
        '[window.stays, window.row === document.querySelector("#check-database"), document.activeElement.closest("tr") === window.row, window.row.querySelector("details").open]',
      ),
    ).toEqual([true, true, true, true]);
    expect(faults).toEqual([]);
  });

  test('shows new results in the history as they come', async () => {
    const { health, says } = service();
    const { page } = await visit(browser, (await serveHealth(health)).url);
    const bars = () => page.locator('#check-database .strip path:not(.base)').count();
    expect(await bars()).toBe(1);
    says.database = error('gone');
    await refresh(page);
    await expect.poll(() => page.locator('#check-database .strip path.bad').count(), PATIENCE).toBe(1);
    expect(await bars()).toBe(2);
    delete says.database;
    await refresh(page);
    await expect.poll(bars, PATIENCE).toBe(3);
    expect(await page.getAttribute('#check-database .strip', 'aria-label')).toBe(
      'Last 3 results: 2 ok, 0 warning, 1 error',
    );
  });

  test('moves with a real database that is stopped and started again', async () => {
    const cluster = await startCluster();
    const pool = new pg.Pool({ connectionString: await createDatabase(cluster), max: 2 });
    onTestFinished(() => pool.end());
    const health = new HealthController({ logger: memoryLogger() });
    health.register('database', postgres(pool), ALWAYS_ANEW);
    const { page, faults } = await visit(browser, (await serveHealth(health)).url);
    const spoken = () => page.getAttribute('#check-database .strip', 'aria-label');
    expect(await page.textContent('h1')).toBe('Healthy');
    await cluster.halt('immediate');
    await expect.poll(() => page.textContent('h1'), PATIENCE).toBe('Unhealthy');
    expect(await page.textContent('#check-database .state')).toContain('ECONNREFUSED');
    await cluster.start();
    await expect.poll(() => page.textContent('h1'), PATIENCE).toBe('Healthy');
    expect(await spoken()).toMatch(/^Last \d+ results: [1-9]\d* ok, 0 warning, [1-9]\d* error$/);
    expect(faults).toEqual([]);
  });

  test('follows checks that are added, removed and reordered', async () => {
    const { health } = service();
    const { page, faults } = await visit(browser, (await serveHealth(health)).url);
    const names = () => page.locator('tbody .name').allTextContents();
    health.unregister('database');
    health.register('queue', () => ok(), ALWAYS_ANEW);
    await refresh(page);
    await expect.poll(names, PATIENCE).toEqual(['cache', 'disk', 'queue']);
    health.unregister('cache');
    health.register('cache', () => ok(), ALWAYS_ANEW).register('database', () => ok(), ALWAYS_ANEW);
    await refresh(page);
    await expect.poll(names, PATIENCE).toEqual(['disk', 'queue', 'cache', 'database']);
    for (const name of ['disk', 'queue', 'cache']) health.unregister(name);
    await refresh(page);
    await expect.poll(names, PATIENCE).toEqual(['database']);
    expect(faults).toEqual([]);
  });

  test.each(['broken', 'silent', 'proxied'] as const)(
    'says when it has lost contact with a service that is %s, and recovers',
    async (reachability) => {
      const { health, says } = service();
      const { state, url } = await serveHealth(health);
      const { page, faults } = await visit(browser, url);
      expect(await page.textContent('.contact')).toBe('');
      const healthyIcon = await page.getAttribute('link[rel=icon]', 'href');
      state.reachability = reachability;
      await refresh(page);
      await expect
        .poll(() => page.textContent('.contact'), PATIENCE)
        .toMatch(
          /^No contact with the service since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. The data below may be out of date\. Retrying…$/,
        );
      expect(await page.title()).toBe('? No contact · notes-api');
      expect(await page.textContent('h1')).toBe('Healthy');
      expect(await page.getAttribute('link[rel=icon]', 'href')).not.toBe(healthyIcon);
      await expectAccessible(page);
      if (reachability === 'broken') await photograph(page, 'no-contact');
      says.cache = error('gone');
      state.reachability = 'reachable';
      await refresh(page);
      await expect.poll(() => page.title(), PATIENCE).toBe('✕ Unhealthy · notes-api');
      expect(await page.textContent('.contact')).toBe('');
      expect(await page.getAttribute('html', 'class')).toBe('');
      expect(faults).toEqual([]);
    },
  );

  test('is readable without JavaScript, and states that it does not update itself', async () => {
    const { health } = await inState('unhealthy');
    const { page } = await visit(browser, (await serveHealth(health)).url, { javaScriptEnabled: false });
    expect(await page.textContent('h1')).toBe('Unhealthy');
    expect(await page.textContent('noscript p')).toContain('Reload it to see the current state.');
    expect(await page.isVisible('noscript p')).toBe(true);
    await page.click('#check-database summary');
    expect(await page.isVisible('#check-database dl')).toBe(true);
    await photograph(page, 'no-javascript');
  });

  test('with <script> in every text that somebody else controls runs none of it and shows all of it', async () => {
    const attack = `"'><script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">`;
    const texts = {
      name: attack,
      version: attack,
      releaseId: attack,
      serviceId: attack,
      description: attack,
    };
    const health = new HealthController({ logger: memoryLogger(), service: texts });
    health.register(
      'evil',
      () => error(attack, { code: attack, details: { [attack]: attack, deep: { list: [attack] } } }),
      ALWAYS_ANEW,
    );
    const { page, faults } = await visit(browser, (await serveHealth(health)).url);
    expect(await page.textContent('#check-evil .state')).toContain('<script>window.pwned = 1</script>');
    // Once more, as the script carries it over.
    const ran = () => page.getAttribute('#check-evil .strip', 'aria-label');
    await refresh(page);
    await expect.poll(ran, PATIENCE).toContain('Last 2 results');
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
    await photograph(page, 'hostile');
  });

  test('holds 50 checks and messages of any length without scrolling sideways', async () => {
    const health = new HealthController({ logger: memoryLogger(), service: SERVICE });
    for (let index = 0; index < 50; index++)
      health.register(
        `${index === 7 ? 'a-name-as-long-as-names-can-be-'.repeat(2) : 'check-'}${index}`,
        () => {
          if (index % 10 === 3) return error('unbroken'.repeat(120), { code: 'E'.repeat(80) });
          return index % 10 === 5 ? warning('word '.repeat(200)) : ok();
        },
        { groups: [`group-${index}`], ...ALWAYS_ANEW },
      );
    for (let run = 0; run < 60; run++) await health.report();
    const { page, faults } = await visit(browser, (await serveHealth(health)).url);
    expect(await page.locator('tbody tr').count()).toBe(50);
    for (const width of [360, 700, 1023, 1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoOverflow(page);
    }
    await expectAccessible(page);
    await photograph(page, 'fifty-checks');
    expect(faults).toEqual([]);
  });

  test('shows the other groups and leads to them', async () => {
    const { health, says } = service();
    says.cache = error('gone');
    const { page } = await visit(browser, (await serveHealth(health)).url);
    const groups = page.locator('nav.groups a');
    expect(await groups.allTextContents()).toEqual([
      'all unhealthy',
      'live healthy',
      'ready unhealthy',
      'startup unhealthy',
      'web unhealthy',
    ]);
    await page.click('nav.groups a:has-text("web")');
    expect(new URL(page.url()).pathname).toBe('/api/v1/health/web');
    expect(await page.textContent('nav.groups [aria-current=page]')).toBe('web unhealthy');
    expect(await page.locator('tbody .name').allTextContents()).toEqual(['cache']);
    await expectAccessible(page);
  });

  test('shows only names and statuses to callers without details, and keeps that up to date too', async () => {
    const { health, says } = service();
    says.database = error('connect ECONNREFUSED 10.0.3.7:5432');
    const { url } = await serveHealth(health, { details: 'never' });
    const { page, faults } = await visit(browser, url);
    expect(await page.locator('tbody tr').allTextContents()).toEqual(['databaseerror', 'cacheok', 'diskok']);
    expect(await page.textContent('body')).not.toContain('ECONNREFUSED');
    await expectAccessible(page);
    await photograph(page, 'names-only');
    delete says.database;
    await refresh(page);
    await expect.poll(() => page.textContent('h1'), PATIENCE).toBe('Healthy');
    expect(faults).toEqual([]);
  });

  test('is used by keyboard: every link and row is reached, and has a visible focus', async () => {
    const { health } = await inState('unhealthy');
    const { page } = await visit(browser, (await serveHealth(health)).url);
    const wanted = await page.locator('a, summary').count();
    const reached = new Set<unknown>();
    for (let step = 0; step < wanted; step++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(
          '(document.activeElement.closest("[id]")?.id ?? "") + document.activeElement.textContent + getComputedStyle(document.activeElement).outlineStyle',
        ),
      );
    }
    expect(reached.size).toBe(wanted);
    for (const each of reached) expect(each).toMatch(/solid$/);
  });
});

test('the picture of the page in docs is under 150 kB', () => {
  expect(statSync(new URL('../../docs/status-page.png', import.meta.url)).size).toBeLessThan(150_000);
});
