import request from 'supertest';
import { expect, describe as suite, test } from 'vitest';
import type { CheckFunction } from '../../src/health/checker.ts';
import { error } from '../../src/health/result.ts';
import { MOUNTS, raw, serve } from '../helpers/http.ts';
import { WORLDS } from '../helpers/worlds.ts';
import { contract, HEALTHY, serviceHealth as health } from './contract.ts';

const DOWN = '{"status":"unhealthy","checks":{"database":"error","memory":"ok","uptime":4242}}';
const PATH = '/api/v1/health';
const down: CheckFunction = () => error('connect ECONNREFUSED');

suite.each(WORLDS)('the contract on $name', (world) => contract(world));

suite.each(MOUNTS)('on $name', ({ listener }) => {
  const open = async (database?: CheckFunction, options?: Parameters<typeof listener>[1]) => {
    const served = await serve(listener(health(database), options));
    return { ...served, agent: request(served.url) };
  };

  test('a warning is 503 by default', async () => {
    const { agent } = await open(() => ({ status: 'warning' }));
    const response = await agent.get(PATH);
    expect([response.status, response.text]).toEqual([
      503,
      HEALTHY.replace('healthy', 'unhealthy').replace('"ok"', '"warning"'),
    ]);
  });

  test('a conditional request gets the full answer, never 304', async () => {
    const { agent } = await open();
    const response = await agent
      .get(PATH)
      .set('If-None-Match', '*')
      .set('If-Modified-Since', new Date().toUTCString());
    expect([response.status, response.text]).toEqual([200, HEALTHY]);
  });

  test.each([
    [`${PATH}/`, HEALTHY],
    [`${PATH}?x=1`, HEALTHY],
    [`${PATH}/?x=/live`, HEALTHY],
    [`${PATH}/live`, '{"status":"healthy","checks":{}}'],
    [`${PATH}/ready`, HEALTHY],
    [`${PATH}/startup/`, '{"status":"healthy","checks":{}}'],
    [`${PATH}/checks/database`, '{"status":"healthy","checks":{"database":"ok"}}'],
    [`${PATH}/checks/database/?x`, '{"status":"healthy","checks":{"database":"ok"}}'],
    ['/livez', '{"status":"healthy","checks":{}}'],
  ])('%s is ours', async (path, body) => {
    const { agent } = await open(undefined, { paths: { '/livez': 'live' } });
    const response = await agent.get(path);
    expect([response.status, response.text]).toEqual([200, body]);
  });

  test.each([
    '/',
    '/api/v1',
    '/api/v1/healthy',
    `${PATH}//`,
    `/${PATH}`,
    `${PATH}/nope`,
    `${PATH}/all`,
    `${PATH}/checks`,
    `${PATH}/checks/nope`,
    `${PATH}/checks/database/more`,
    '/API/v1/health',
    '/api%2Fv1/health',
    '/metrics',
    `/other?next=${PATH}`,
  ])('%s goes to the application untouched', async (path) => {
    const { agent } = await open();
    const response = await agent.get(path);
    expect([response.status, response.text]).toEqual([418, 'application']);
  });

  test('OPTIONS over HTTP/1.0 without Host, as HAProxy sends it, answers with the health code', async () => {
    const healthy = await open();
    expect(await raw(healthy.port, `OPTIONS ${PATH} HTTP/1.0\r\n\r\n`)).toMatchObject({
      statusCode: 200,
      body: HEALTHY,
    });
    const unhealthy = await open(down);
    expect(await raw(unhealthy.port, `OPTIONS ${PATH} HTTP/1.0\r\n\r\n`)).toMatchObject({
      statusCode: 503,
      body: DOWN,
    });
  });

  test('an absolute-form target is understood', async () => {
    const { port } = await open(down);
    const answer = await raw(
      port,
      `GET http://proxy.example:80${PATH}?x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatchObject({ statusCode: 503, body: DOWN });
    const foreign = await raw(
      port,
      'GET http://proxy.example/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(foreign.statusCode).toBe(418);
  });

  test('an asterisk-form target is not ours', async () => {
    const { port } = await open();
    const answer = await raw(port, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.body).not.toContain('healthy');
  });

  test('a connection is kept for the next probe', async () => {
    const { port } = await open();
    const twice = `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\nGET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect((await raw(port, twice)).text.match(/HTTP\/1.1 200/g)?.length).toBe(2);
  });

  test('draining is told at once, with the headers that balancers know', async () => {
    const controller = health();
    const { port } = await serve(listener(controller));
    await raw(port, `GET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    controller.drain();
    const answer = await raw(port, `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toBe(
      '{"status":"unhealthy","checks":{"database":"ok","memory":"ok","uptime":4242},"draining":true}',
    );
    expect(answer.headers).toMatchObject({
      connection: 'close',
      'x-envoy-immediate-health-check-fail': 'true',
    });
    const live = await raw(port, `GET ${PATH}/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(live.statusCode).toBe(200);
    expect(live.headers).not.toHaveProperty('x-envoy-immediate-health-check-fail');
  });
});
