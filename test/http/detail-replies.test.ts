import { expect, describe as suite, test } from 'vitest';
import { json } from '../../src/formats/json.ts';
import { text } from '../../src/formats/text.ts';
import { DetailReplies } from '../../src/http/detail-replies.ts';
import { plainReply } from '../../src/http/reply.ts';
import { reportOf } from '../helpers/health.ts';

/** Replies, and how many were rendered. */
function counted() {
  const world = { now: 5_000, rendered: 0 };
  const replies = new DetailReplies(() => world.now);
  const of = (subject: Parameters<DetailReplies['of']>[0]) =>
    replies.of(subject, () => {
      world.rendered++;
      return plainReply(200, 'text/plain', '');
    });
  return { world, of };
}

const subject = {
  report: reportOf('ready', 'healthy'),
  all: reportOf('all', 'healthy'),
  format: json,
  mount: '',
};

suite('a reply with details', () => {
  test('is reused for a moment', () => {
    const { world, of } = counted();
    const first = of(subject);
    world.now += 99;
    expect(of({ ...subject })).toBe(first);
    world.now += 1;
    expect(of(subject)).not.toBe(first);
    expect(world.rendered).toBe(2);
  });

  test.each([
    ['the report', { report: reportOf('ready', 'healthy') }],
    ['the report of every check', { all: reportOf('all', 'healthy') }],
    ['the mount point', { mount: '/internal' }],
    ['the format', { format: text }],
    ['the group', { report: reportOf('live', 'healthy') }],
  ])('is rendered again if %s differs', (_, change) => {
    const { world, of } = counted();
    of(subject);
    of({ ...subject, ...change });
    expect(world.rendered).toBe(2);
  });

  test('is kept for each group and format, of at most a hundred', () => {
    const { world, of } = counted();
    const others = Array.from({ length: 99 }, (_, i) => ({
      ...subject,
      report: reportOf(`g${i}`, 'healthy'),
    }));
    for (const each of [subject, ...others, subject, ...others]) of(each);
    expect(world.rendered).toBe(100);
    of({ ...subject, format: text });
    of(subject);
    expect(world.rendered).toBe(102);
  });
});
