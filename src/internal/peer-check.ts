import { brandOf, hasBrand } from './brand.ts';

/**
 * The request header, `x-health-check: 1`, that marks a request as another service's health check. Such a request must
 * not run checks that ask peers in turn: two services that check each other would loop.
 */
export const PEER_CHECK_HEADER = 'x-health-check';

const BRAND: symbol = brandOf('PeerCheck');

/** Marks a checker as one that asks a peer. The mark survives a spread: `{ ...http(url), display: 'value' }`. */
export function markPeerCheck<T extends object>(checker: T): T {
  return { ...checker, [BRAND]: true };
}

/** Returns true for a checker that asks a peer, even from another copy of this package. */
export function isPeerCheck(checker: unknown): boolean {
  return hasBrand(checker, BRAND);
}
