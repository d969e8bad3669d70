import { expect, describe as suite, test } from 'vitest';
import { isKeyMember, maskKeyMembers } from '../../../src/internal/redact/json-web-key.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const members = maskedBy(maskKeyMembers);

suite('JSON Web Keys', () => {
  test.each<[string, string]>([
    [`{"kty":"EC","x":"a1","d":"${F}"}`, '{"kty":"EC","x":"a1","d":"***"}'],
    [`{"kty": "RSA", "qi": "${F}", "e": "AQAB"}`, '{"kty": "RSA", "qi": "***", "e": "AQAB"}'],
    [`{\\"kty\\":\\"oct\\",\\"k\\":\\"${F}\\"}`, '{\\"kty\\":\\"oct\\",\\"k\\":\\"***\\"}'],
    [`{ kty: 'EC', d: '${F}' }`, "{ kty: 'EC', d: '***' }"],
    [`{"d":"${F}"}`, `{"d":"${F}"}`],
    ['{"kty":"EC","kid":"key-12345"}', '{"kty":"EC","kid":"key-12345"}'],
    ['{"kty":"EC","d":"short"}', '{"kty":"EC","d":"short"}'],
  ])('%s', (text, expected) => {
    expect(members(text)).toBe(expected);
  });

  test('have secret members only where the type of the key is known', () => {
    expect(isKeyMember({ kty: 'oct' }, 'k')).toBe(true);
    expect(isKeyMember({ kty: 'oct' }, 'kid')).toBe(false);
    expect(isKeyMember({}, 'k')).toBe(false);
  });
});
