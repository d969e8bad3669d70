import request from 'supertest';
import { expect, onTestFinished, describe as suite, test } from 'vitest';
import { MOUNTS, serve } from '../helpers/http.ts';
import { SERVERS, WORLDS } from '../helpers/worlds.ts';
import { contract, HEALTHY, inProcess, PATH, type Scene, sceneOf } from './contract.ts';
import { wireContract } from './wire-contract.ts';

suite.each(WORLDS)('the contract on $name', (world) => contract(inProcess(world)));

suite.each(SERVERS.filter(({ protocol }) => protocol === 'http'))('byte for byte on $name', (server) => {
  wireContract(async (scene) => {
    const { health, options } = sceneOf(scene);
    const { port, close } = await server.open(health, options);
    onTestFinished(() => void close());
    return { port, drain: () => health.drain() };
  });
});

suite.each(MOUNTS)('on $name', ({ listener }) => {
  const open = async (scene: Scene) => {
    const { health, options } = sceneOf(scene);
    return request((await serve(listener(health, options))).url);
  };

  test('a warning is 503 by default', async () => {
    const agent = await open('warning');
    const response = await agent.get(PATH);
    expect([response.status, response.text]).toEqual([
      503,
      HEALTHY.replace('healthy', 'unhealthy').replace('"ok"', '"warning"'),
    ]);
  });

  test('a conditional request gets the full answer, never 304', async () => {
    const agent = await open('healthy');
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
    const agent = await open('more paths');
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
    const agent = await open('healthy');
    const response = await agent.get(path);
    expect([response.status, response.text]).toEqual([418, 'application']);
  });
});
