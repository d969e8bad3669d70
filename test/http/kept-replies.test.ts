import { expect, describe as suite, test } from 'vitest';
import type { Format } from '../../src/formats/format.ts';
import { json } from '../../src/formats/json.ts';
import { KeptReplies } from '../../src/http/kept-replies.ts';
import { virtualHealth, warn } from '../helpers/health.ts';

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
});
