import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readDeploy } from './deploy.ts';
import { type Child, findProgram, start, temporaryFolder } from './processes.ts';

/** The ports that the files of `examples/deploy` name, and those that a test has instead. */
export interface Ports {
  readonly proxy: number;
  readonly first: number;
  readonly second: number;
}

/** Fails with what to do where a program is missing. */
function required(program: string, debianPackage: string): string {
  const path = findProgram(program);
  expect(path, `Expected ${program} to be installed: apt-get install ${debianPackage}`).toBeDefined();
  return String(path);
}

/** A file of `examples/deploy` as it is, but for its ports. */
async function withPorts(file: string, { proxy, first, second }: Ports): Promise<string> {
  const text = await readDeploy(file);
  for (const port of [':4001', ':4002', '8080']) expect(text).toContain(port);
  return text.replace(':4001', `:${first}`).replace(':4002', `:${second}`).replace('8080', String(proxy));
}

/** HAProxy with `haproxy.cfg`. Its log, on standard output, has a line for each server that goes or comes. */
export async function startHaproxy(ports: Ports): Promise<Child> {
  const program = required('haproxy', 'haproxy');
  const file = join(await temporaryFolder(), 'haproxy.cfg');
  await writeFile(file, await withPorts('haproxy.cfg', ports));
  return start(program, ['-db', '-f', file]);
}

/** nginx with `nginx.conf`, and its own files in a temporary folder. */
export async function startNginx(ports: Ports): Promise<Child> {
  const program = required('nginx', 'nginx-light');
  const folder = await temporaryFolder();
  const file = join(folder, 'nginx.conf');
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const own = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  const text = (await withPorts('nginx.conf', ports))
    .replace('/run/nginx.pid', `${folder}/nginx.pid`)
    .replace('http {', `http { access_log off; ${own}`);
  await writeFile(file, text);
  return start(program, ['-e', 'stderr', '-c', file, '-g', 'daemon off;']);
}
