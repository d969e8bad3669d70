import { ConfigError } from '../internal/config-error.ts';
import { describe } from '../internal/describe.ts';
import { isSameDigest, sha256 } from '../internal/digest.ts';
import type { ProbeRequest } from './probe-request.ts';

const EXPECTATION = 'Expected `token` to be a string of visible ASCII characters, as a header can carry it';

/**
 * A `details` policy: shows details to a caller that sends `Authorization: Bearer <token>`. Hashes are compared, in constant
 * time, so that response times reveal neither how much of a guess was right nor how long the token is.
 *
 * @example middleware(health, { details: bearerToken(process.env.HEALTH_TOKEN) })
 * @throws ConfigError for an empty token, one that is not set, and one that no header can carry
 */
export function bearerToken(token: string | undefined): (request: ProbeRequest) => boolean {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    // What a token looks like is nobody's business, the log's neither.
    const found = typeof token === 'string' && token !== '' ? 'one with other characters' : describe(token);
    throw new ConfigError('Invalid bearerToken() argument', [`${EXPECTATION}, got ${found}`]);
  }
  const expected = sha256(token);
  return ({ headers }) => {
    const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && isSameDigest(sha256(given), expected);
  };
}
