import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SHUTDOWN_DEFAULTS } from '../../src/shutdown/options.ts';

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('shutdown.md', docs), 'utf8');

/** The cell of the table row that begins with an option's name. */
function defaultOf(option: string): string | undefined {
  return page.match(new RegExp(`^\\| \`${option}\` \\| ([^|]*) \\|`, 'm'))?.[1]?.trim();
}

test('the table of options has the defaults of the code', () => {
  const { signals, drainDelayMs, timeoutMs, hookTimeoutMs, upgrades } = SHUTDOWN_DEFAULTS;
  expect(defaultOf('signals')).toBe(`\`[${signals.map((name) => `'${name}'`).join(', ')}]\``);
  expect(defaultOf('drainDelayMs')).toBe(String(drainDelayMs));
  expect(defaultOf('timeoutMs')).toBe(String(timeoutMs));
  expect(defaultOf('upgrades')).toBe(`\`'${upgrades}'\``);
  expect(page).toContain(`a hook's \`timeoutMs\` is ${hookTimeoutMs} unless it sets one`);
});
