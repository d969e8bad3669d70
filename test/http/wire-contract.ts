import { expect, test } from 'vitest';
import { raw } from '../helpers/http.ts';
import { DOWN, HEALTHY, PATH, type Scene } from './contract.ts';

/** Health in a state, mounted in a server of HTTP/1 without TLS, in this process or another. */
export type MountOnPort = (scene: Scene) => Promise<{ port: number; drain(): unknown }>;

/** What probers send that no HTTP client would, byte for byte. */
export function wireContract(mount: MountOnPort): void {
  test('OPTIONS over HTTP/1.0 without Host, as HAProxy sends it, answers with the health code', async () => {
    for (const [scene, statusCode, body] of [
      ['healthy', 200, HEALTHY],
      ['down', 503, DOWN],
    ] as const) {
      const { port } = await mount(scene);
      expect(await raw(port, `OPTIONS ${PATH} HTTP/1.0\r\n\r\n`)).toMatchObject({ statusCode, body });
    }
  });

  test('an absolute-form target is understood', async () => {
    const { port } = await mount('down');
    const get = (target: string) =>
      raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await get(`http://proxy.example:80${PATH}?x`)).toMatchObject({ statusCode: 503, body: DOWN });
    expect((await get('http://proxy.example/other')).body).not.toContain('healthy');
  });

  test('an asterisk-form target is not ours', async () => {
    const { port } = await mount('healthy');
    const answer = await raw(port, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer.body).not.toContain('healthy');
  });

  test('a connection is kept for the next probe', async () => {
    const { port } = await mount('healthy');
    const twice = `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\nGET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect((await raw(port, twice)).text.match(/HTTP\/1.1 200/g)?.length).toBe(2);
  });

  test('nothing of an answer, and nothing of a body that was sent along, is taken for the next request', async () => {
    const { port } = await mount('down');
    const requests = [
      `HEAD ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 27\r\n\r\nGET /other HTTP/1.1\r\nHost: `,
      `GET ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`,
      `OPTIONS ${PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      `GET ${PATH}?format=html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ];
    const { text } = await raw(port, requests.join(''));
    const answers = text.split(/(?=HTTP\/1\.1 \d)/);
    expect(answers.map((each) => each.slice(9, 12))).toEqual(['503', '405', '503', '503', '503']);
    const [head, ...others] = answers.map((each) => each.slice(each.indexOf('\r\n\r\n') + 4));
    expect(head).toBe('');
    for (const [index, body] of others.entries()) {
      const announced = /content-length: (\d+)/i.exec(answers[index + 1] as string)?.[1];
      expect(Buffer.byteLength(body)).toBe(Number(announced));
    }
  });

  test('once it drains, a connection is closed after the answer', async () => {
    const { port, drain } = await mount('healthy');
    await drain();
    const answer = await raw(port, `GET ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({
      connection: 'close',
      'x-envoy-immediate-health-check-fail': 'true',
    });
    const live = await raw(port, `GET ${PATH}/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(live.statusCode).toBe(200);
    expect(live.headers).not.toHaveProperty('x-envoy-immediate-health-check-fail');
  });
}
