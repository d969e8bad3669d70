/**
 * Below the mount point of a router: what remains of the target after it. Undefined at the root, and where `url` was
 * rewritten: then the target as the prober sent it decides.
 *
 * Express, connect and polka cut the mount point off `url`, add a leading slash where none is left, and keep the whole in
 * `originalUrl`. Only Express exposes what it cut off, as `baseUrl`.
 */
export function restOf(
  originalUrl: string | undefined,
  url: string | undefined,
  baseUrl: unknown,
): string | undefined {
  if (originalUrl === undefined || url === undefined || originalUrl === url) return undefined;
  const whole = originalUrl.replace(ORIGIN, '');
  const rest = url.replace(ORIGIN, '');
  if (typeof baseUrl === 'string') {
    if (baseUrl === '') return undefined;
    return whole === baseUrl + rest || whole === baseUrl + withoutAddedSlash(rest) ? rest : undefined;
  }
  return isBelow(whole, rest) || isBelow(whole, withoutAddedSlash(rest)) ? rest : undefined;
}

/** Whether only a path was cut off the front: a match at the end of a query is not the rest of a path. */
function isBelow(whole: string, rest: string): boolean {
  const cut = whole.length - rest.length;
  return cut > 0 && whole.endsWith(rest) && !whole.slice(0, cut).includes('?');
}

const ORIGIN = /^https?:\/\/[^/?#]*/i;

function withoutAddedSlash(rest: string): string {
  return rest === '/' || rest.startsWith('/?') ? rest.slice(1) : rest;
}
