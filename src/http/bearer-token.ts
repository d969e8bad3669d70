import { ConfigError } from '../internal/config-error.ts';
import { describe } from '../internal/describe.ts';
import { isSameDigest, sha256 } from '../internal/digest.ts';
import type { ProbeRequest } from './probe-request.ts';

const EXPECTATION =
  'Expected `token` to be a string of visible ASCII characters, because it is sent in a header';

/**
 * A `details` policy: shows details to callers that send `Authorization: Bearer <token>`. It compares hashes in constant
 * time, so response times reveal neither how much of a guess was right nor how long the token is.
 *
 * @example middleware(health, { details: bearerToken(process.env.HEALTH_TOKEN) })
 * @throws ConfigError for a token that is empty, not set, or cannot be sent in a header
 */
export function bearerToken(token: string | undefined): (request: ProbeRequest) => boolean {
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    // Nothing about a token's content may show up anywhere, including in the log.
    const found = typeof token === 'string' && token !== '' ? 'one with other characters' : describe(token);
    throw new ConfigError('Invalid bearerToken() argument', [`${EXPECTATION}, got ${found}`]);
  }
  const expected = sha256(token);
  return ({ headers }) => {
    const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && isSameDigest(sha256(given), expected);
  };
}
