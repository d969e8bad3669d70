import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { middleware } from '../../src/adapters/middleware.ts';
import type { HealthController } from '../../src/health/controller.ts';
import type { HttpOptions } from '../../src/http/options.ts';

/** Where a browser may be: where it is told to be, or where packages put it. */
const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine, if it has one. */
export const BROWSER_PATH: string | undefined = PLACES.find((place) => place && existsSync(place));

/** What keeps a browser from looking for updates and from needing a sandbox that containers do not have. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser, in a profile of its own that ends with it. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: BROWSER_PATH as string, args: FLAGS });
}

/** How the service answers: as it should, not at all, with a broken connection, or as a proxy in front of it does. */
type Reachability = 'reachable' | 'silent' | 'broken' | 'proxied';

/** As much like our page as another one may be. */
const BAD_GATEWAY =
  '<title>502</title><link rel="icon" href="data:,"><header>proxy</header><main>Bad gateway</main><footer></footer>';

/** A server that can be made unreachable without giving up its port. */
export async function serveHealth(health: HealthController, options: HttpOptions = {}) {
  const mounted = middleware(health, { details: 'always', paths: { '/': 'all' }, ...options });
  const state = { reachability: 'reachable' as Reachability };
  const server = createServer((request, response) => {
    if (state.reachability === 'broken') request.socket.destroy();
    else if (state.reachability === 'proxied')
      response.writeHead(502, { 'content-type': 'text/html' }).end(BAD_GATEWAY);
    else if (state.reachability === 'reachable') mounted(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await health.close();
  });
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** An open page, with everything that went wrong on it. */
export interface Visit {
  readonly page: Page;
  /** Violations of the content security policy, and scripts that threw. */
  readonly faults: string[];
  /** What the page asked for. */
  readonly requests: string[];
}

/** Opens a page in a context of its own. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('dialog', (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, faults, requests };
}

/** Makes the page ask for the state now, as it does when its tab comes to the front. */
export async function refresh(page: Page): Promise<void> {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

/** Lets axe look at the page, and expects it to find nothing. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const results = (await page.evaluate('axe.run()')) as axe.AxeResults;
  const found = results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

/** Expects that nothing has to be scrolled sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [content, viewport] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  expect(content).toBeLessThanOrEqual(viewport);
}

const SCREENSHOTS = fileURLToPath(new URL('../../reports/screenshots/', import.meta.url));

/** Leaves pictures for people, at the two widths and in the two schemes that are promised. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const width of [360, 1280])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await expectNoOverflow(page);
      await page.screenshot({ path: `${SCREENSHOTS}${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
}
