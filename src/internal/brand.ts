/**
 * The symbol that marks a class of this package. It comes from the global registry (`Symbol.for`), so objects are recognised across
 * several copies of this package in one process, where `instanceof` fails.
 */
export function brandOf(name: string): symbol {
  return Symbol.for(`allswell.${name}`);
}

/** Returns true if a value carries the brand. Never throws, whatever the value is. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return (value as Record<symbol, unknown>)[brand] === true;
  } catch {
    // A revoked proxy.
    return false;
  }
}
