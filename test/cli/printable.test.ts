import { describe, expect, test } from 'vitest';
import { clip, printable } from '../../src/cli/printable.ts';

describe('printable', () => {
  test('escapes whatever a terminal could obey, and keeps tabs, line feeds and letters', () => {
    expect(printable('\u001b[2Jé\t✓ 😀\r\nb\rc\u0000\u009b\u202e\u2028')).toBe(
      '\\x1b[2Jé\t✓ 😀\nb\\x0dc\\x00\\x9b\\u{202e}\\u{2028}',
    );
  });
});

describe('clip', () => {
  test('leaves alone what fits', () => {
    expect(clip('héllo', 6)).toBe('héllo');
  });

  test('cuts at the end of a character, so that the bytes never exceed the limit', () => {
    for (let maxBytes = 3; maxBytes < 20; maxBytes++) {
      const text = clip('é😀✓'.repeat(5), maxBytes);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(text).toMatch(/^(?:é|😀|✓)*…$/u);
    }
  });
});
