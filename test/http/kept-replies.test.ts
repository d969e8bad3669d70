import { expect, describe as suite, test, vi } from 'vitest';
import type { Format } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json.ts';
import type { Report } from '../../src/health/report.ts';
import { KeptReplies } from '../../src/http/kept-replies.ts';
import { reportOf, virtualHealth, warn } from '../helpers/health.ts';

suite('the kept reply of a group', () => {
  test('is sent again where a new report differs in its times alone', async () => {
    const { clock, health } = virtualHealth();
    health.register('database', () => undefined, { maxAgeMs: 0 });
    const replies = new KeptReplies(200);
    const first = replies.of(await health.report(), json);
    await clock.advance(5_000);
    const report = await health.report();
    expect(report.atMs).toBe(clock.epochMs());
    expect(replies.of(report, json)).toBe(first);
  });

  test('is replaced where a check changed', async () => {
    const { health } = virtualHealth();
    let isWell = true;
    health.register('disk', () => (isWell ? undefined : warn()), { maxAgeMs: 0 });
    const replies = new KeptReplies(200);
    expect(replies.of(await health.report(), json).statusCode).toBe(200);
    isWell = false;
    expect(replies.of(await health.report(), json)).toMatchObject({
      statusCode: 503,
      body: '{"status":"unhealthy","checks":{"disk":"warning"}}',
    });
  });

  test('follows the status and the draining of the report, whatever the format shows of them', async () => {
    const mute: Format = {
      name: 'mute',
      mediaType: 'text/plain',
      contentType: 'text/plain',
      render: () => '',
    };
    const { health } = virtualHealth();
    let isWell = true;
    health.register('disk', () => (isWell ? undefined : warn()), { maxAgeMs: 0 });
    const replies = new KeptReplies(200);
    const codeOf = async () => {
      const { statusCode, closesConnection } = replies.of(await health.report(), mute);
      return { statusCode, closesConnection };
    };
    expect(await codeOf()).toEqual({ statusCode: 200, closesConnection: false });
    isWell = false;
    expect(await codeOf()).toEqual({ statusCode: 503, closesConnection: false });
    health.drain();
    expect(await codeOf()).toEqual({ statusCode: 503, closesConnection: true });
  });

  test('has the status code that degraded services are to have', () => {
    expect(new KeptReplies(429).of(reportOf('all', 'degraded'), json).statusCode).toBe(429);
  });

  test('is rendered once, and forgotten only where there are over a thousand groups', () => {
    const render = vi.fn(json.render);
    const counting: Format = { ...json, render };
    const replies = new KeptReplies(200);
    const [first, ...others] = Array.from({ length: 1000 }, (_, i) => reportOf(`g${i}`, 'healthy'));
    const reply = replies.of(first as Report, counting);
    for (const report of others) replies.of(report, counting);
    expect(replies.of(first as Report, counting)).toBe(reply);
    expect(render).toHaveBeenCalledTimes(1000);
    replies.of(reportOf('one more', 'healthy'), counting);
    replies.of(first as Report, counting);
    expect(render).toHaveBeenCalledTimes(1002);
  });
});
