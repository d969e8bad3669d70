import { expect, test, vi } from 'vitest';
import { reportOf } from '../helpers/health.ts';

test('the page is loaded once, before it is rendered', async () => {
  vi.resetModules();
  const { html } = await import('../../src/formats/html.ts');
  const { headers, render } = await import('../../src/formats/page/page.ts');
  const report = reportOf('all', 'healthy');
  expect(() => html.render(report, undefined)).toThrow('Expected load()');
  expect(() => html.headers).toThrow('Expected load()');
  await html.load?.();
  expect(html.load?.()).toBeUndefined();
  expect(html.render(report, undefined)).toBe(render(report, undefined));
  expect(html.headers).toEqual(headers());
});
