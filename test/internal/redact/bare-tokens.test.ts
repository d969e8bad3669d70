import { expect, describe as suite, test } from 'vitest';
import { maskBareTokens } from '../../../src/internal/redact/bare-tokens.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const bareTokens = maskedBy(maskBareTokens);

suite('long words', () => {
  const long = `${F}W7tn4YpLs0${F}`;
  test.each<[string, string]>([
    [long, '***'],
    [`x ${long}== y`, 'x *** y'],
    [`request id: ${long}`, `request id: ${long}`],
    [`x-amz-id-2: ${long}`, `x-amz-id-2: ${long}`],
    [`sha512-${long}`, `sha512-${long}`],
    [long.slice(0, 25), long.slice(0, 25)],
    [long.toLowerCase(), long.toLowerCase()],
    ['src/components/UserProfile2/index', 'src/components/UserProfile2/index'],
  ])('%s', (text, expected) => {
    expect(bareTokens(text)).toBe(expected);
  });
});
