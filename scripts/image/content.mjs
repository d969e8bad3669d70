/** What an image must hold, must not hold, and must say of itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The most that the layer of the application may take on disk, in bytes: node_modules and compiled code. */
const largestLayerBytes = 40_000_000;

const labels = ['title', 'description', 'licenses', 'version', 'revision'];

/** @throws {assert.AssertionError} saying what is wrong with the image */
export async function checkContent({ image, root, say }) {
  const [uid] = (image.user ?? '').split(':');
  assert.match(uid, /^[1-9]\d*$/, `Expected USER to be a number other than 0, got ${image.user}`);
  assert.equal(image.env.NODE_ENV, 'production', 'Expected ENV NODE_ENV=production');
  assert.equal(image.command?.[0], 'node', 'Expected CMD ["node", …] in exec form, so that signals arrive');
  assert.match(
    image.healthcheck?.at(-1) ?? '',
    /exec node \S+ probe .*\/live"$/,
    'Expected HEALTHCHECK … CMD … exec node …/allswell probe …/live, so that the process that is waited for is node',
  );
  assert.equal(image.stopSignal, 'SIGTERM', 'Expected STOPSIGNAL SIGTERM');
  for (const label of labels)
    assert.ok(
      image.labels[`org.opencontainers.image.${label}`],
      `Expected the label org.opencontainers.image.${label}`,
    );
  say('The image says what it should of user, environment, command, signal, health check and labels');

  const application = join(root, image.workdir);
  const list = execFileSync('find', [application, '-type', 'f'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const files = list.trimEnd().split('\n');
  const sources = files.filter((file) => /\.[mc]?ts$/.test(file));
  assert.deepEqual(sources, [], 'Expected no TypeScript in the image');
  // By the lockfile, which knows what is there for development alone: some packages serve both.
  const { packages } = JSON.parse(await readFile(join(application, 'package-lock.json'), 'utf8'));
  const developing = Object.keys(packages).filter((path) => packages[path].dev === true);
  const found = developing.filter((path) => existsSync(join(application, path)));
  assert.deepEqual(found, [], 'Expected no development dependency in the image');
  say(`${files.length} files, none of them a source or a development dependency`);

  const sbom = JSON.parse(
    execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
      cwd: application,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    }),
  );
  const components = sbom.components.map(({ name }) => name);
  assert.ok(
    components.includes('express'),
    `Expected npm sbom to name express, got ${components.join(', ')}`,
  );
  say(`npm sbom lists ${components.length} components`);

  const bytes = bytesOnDisk(application);
  const parts = ['node_modules', 'dist', 'build'].map(
    (part) => `${part} ${megabytes(bytesOnDisk(join(application, part)))}`,
  );
  assert.ok(
    bytes < largestLayerBytes,
    `Expected the layer of the application to be under 40 MB, got ${megabytes(bytes)}`,
  );
  say(`The layer of the application takes ${megabytes(bytes)} on disk (${parts.join(', ')}), of 40 MB`);
}

function bytesOnDisk(path) {
  return Number.parseInt(execFileSync('du', ['-sk', path], { encoding: 'utf8' }), 10) * 1024;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
