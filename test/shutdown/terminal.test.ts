import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { patienceMs, start } from '../helpers/processes.ts';

const fixture = fileURLToPath(new URL('../fixtures/shutdown/terminal.mjs', import.meta.url));

/** A service whose standard streams are those of a terminal, or, without one, only partly. */
function inTerminal(redirection = '') {
  const command = `exec ${process.execPath} ${fixture} ${redirection}`;
  return start('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null']);
}

async function pidOf(child: ReturnType<typeof start>): Promise<number> {
  const [, pid] = await child.says(/process (\d+) listens/);
  return Number(pid);
}

describe('in a terminal', { timeout: 2 * patienceMs }, () => {
  test('SIGINT skips the drain delay', async () => {
    const child = inTerminal();
    process.kill(await pidOf(child), 'SIGINT');
    expect((await child.ended).code, child.output()).toBe(0);
    expect(child.output()).toContain(
      'SIGINT: shutting down. Ctrl-C in a terminal, so there is no drain delay',
    );
  });

  test('SIGTERM does not', async () => {
    const child = inTerminal();
    process.kill(await pidOf(child), 'SIGTERM');
    await child.says(/serving for another 600000 ms/);
    process.kill(await pidOf(child), 'SIGKILL');
    await child.ended;
  });

  test.each(['< /dev/null', '2> /dev/null'])(
    'SIGINT does not either where a program is run with %s',
    async (redirection) => {
      const child = inTerminal(redirection);
      process.kill(await pidOf(child), 'SIGINT');
      await child.says(/serving for another 600000 ms/);
      process.kill(await pidOf(child), 'SIGKILL');
      await child.ended;
    },
  );
});
