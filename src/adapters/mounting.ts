/**
 * Below the mount point of a router, what of the target the router left; undefined at the root, and where somebody rewrote
 * `url`: what the prober sent decides.
 *
 * Express, connect and polka cut the mount point off `url`, put a slash in front where none is left, and keep the whole in
 * `originalUrl`. Only Express says what it cut off, in `baseUrl`.
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
  if (whole.length > rest.length && whole.endsWith(rest)) return rest;
  const bare = withoutAddedSlash(rest);
  return bare !== rest && whole.length > bare.length && whole.endsWith(bare) ? rest : undefined;
}

const ORIGIN = /^https?:\/\/[^/?#]*/i;

function withoutAddedSlash(rest: string): string {
  return rest === '/' || rest.startsWith('/?') ? rest.slice(1) : rest;
}
