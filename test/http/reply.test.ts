import { expect, describe as suite, test } from 'vitest';
import { json } from '../../src/formats/json.ts';
import {
  failed,
  methodNotAllowed,
  notFound,
  plainReply,
  replyOf,
  statusCodeOf,
} from '../../src/http/reply.ts';
import { reportOf } from '../helpers/health.ts';

const headersOf = (reply: { readonly headers: readonly string[] }) =>
  Object.fromEntries(
    Array.from({ length: reply.headers.length / 2 }, (_, i) => reply.headers.slice(2 * i, 2 * i + 2)),
  );

const common = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', Vary: 'Accept' };

suite('a reply', () => {
  test('is never cached, sniffed or redirected, and has a length', () => {
    const reply = plainReply(200, 'text/plain', 'fine');
    expect(reply).toMatchObject({ statusCode: 200, body: 'fine', closesConnection: false });
    expect(headersOf(reply)).toEqual({ 'Content-Type': 'text/plain', 'Content-Length': '4', ...common });
  });

  test('is a string while it is short ASCII, else bytes', () => {
    expect(plainReply(200, 'text/plain', 'x'.repeat(4096)).body).toBe('x'.repeat(4096));
    expect(plainReply(200, 'text/plain', 'x'.repeat(4097)).body).toEqual(Buffer.alloc(4097, 'x'));
    const umlaut = plainReply(200, 'text/plain', 'Größe');
    expect(umlaut.body).toEqual(Buffer.from('Größe'));
    expect(headersOf(umlaut)['Content-Length']).toBe('7');
  });
});

suite('the reply of a report', () => {
  test.each([
    ['healthy', 200],
    ['degraded', 429],
    ['unhealthy', 503],
  ] as const)('that is %s is %i', (status, code) => {
    expect(statusCodeOf(reportOf('all', status), 429)).toBe(code);
    expect(replyOf(reportOf('all', status), json, 429, '{}').statusCode).toBe(code);
  });

  test('has the code, the headers and the caching of its format', () => {
    const format = {
      ...json,
      degradedStatusCode: 200,
      headers: ['X-Format', 'own'],
      cacheControl: 'max-age=1',
    };
    const reply = replyOf(reportOf('all', 'degraded'), format, 429, '{}');
    expect(reply.statusCode).toBe(200);
    expect(headersOf(reply)).toMatchObject({ 'X-Format': 'own', 'Cache-Control': 'max-age=1' });
  });

  test('of a process that drains closes the connection, and takes it out of Envoy', () => {
    const leaving = replyOf(reportOf('all', 'unhealthy', { draining: true }), json, 200, '{}');
    expect(leaving.closesConnection).toBe(true);
    expect(headersOf(leaving)).toMatchObject({ 'x-envoy-immediate-health-check-fail': 'true' });
    const staying = replyOf(reportOf('all', 'unhealthy'), json, 200, '{}');
    expect(staying.closesConnection).toBe(false);
    expect(headersOf(staying)).not.toHaveProperty('x-envoy-immediate-health-check-fail');
  });
});

test('replies without a report give the reason', () => {
  const type = { 'Content-Type': 'application/json; charset=utf-8' };
  expect(methodNotAllowed()).toMatchObject({
    statusCode: 405,
    body: '{"error":"method not allowed","allow":"GET, HEAD, OPTIONS"}',
  });
  expect(headersOf(methodNotAllowed())).toMatchObject({ ...type, Allow: 'GET, HEAD, OPTIONS' });
  expect(notFound()).toMatchObject({ statusCode: 404, body: '{"error":"not found"}' });
  expect(headersOf(notFound())).toMatchObject(type);
  expect(failed()).toMatchObject({
    statusCode: 503,
    body: '{"error":"health could not be reported; see the log"}',
  });
  expect(headersOf(failed())).toMatchObject(type);
});
