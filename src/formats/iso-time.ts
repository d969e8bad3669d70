/** ISO 8601 of a time in milliseconds since 1970; of one that no date can hold, the nearest that can be. */
export function isoTime(epochMs: number): string {
  const limit = 8_640_000_000_000_000;
  return new Date(Math.min(Math.max(epochMs, -limit), limit) || 0).toISOString();
}
