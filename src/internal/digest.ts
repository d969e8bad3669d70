/**
 * `node:crypto`, loaded when it is first needed: loading it costs about as much as loading the rest of this package.
 * @see https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

/** The SHA-256 digest of a string, 32 bytes. */
export function sha256(text: string): Buffer {
  return crypto().createHash('sha256').update(text).digest();
}

/** Returns true if two digests are equal, in time that does not depend on where they differ. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return crypto().timingSafeEqual(one, other);
}
