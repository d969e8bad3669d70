/** A time in milliseconds since 1970 as ISO 8601; one outside the range of a date becomes the nearest in range. */
export function isoTime(epochMs: number): string {
  const limit = 8_640_000_000_000_000;
  return new Date(Math.min(Math.max(epochMs, -limit), limit) || 0).toISOString();
}
