import { expect, test } from 'vitest';
import { bytesText } from '../../src/internal/bytes-text.ts';

test.each([
  [0, '0 MB'],
  [512_400_000, '512 MB'],
  [999_000_000, '999 MB'],
  [1e9, '1.0 GB'],
  [1.55e11, '155.0 GB'],
  [1e12, '1.0 TB'],
  [2.44e12, '2.4 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
