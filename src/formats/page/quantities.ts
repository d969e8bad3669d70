import type { CheckReport } from '../../health/report.ts';
import { lazy } from '../../internal/lazy.ts';
import { isoTime } from '../iso-time.ts';

/** A duration of a run, in few digits: `420 µs`, `2.1 ms`, `12 ms`, `1.2 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms / 1000);
}

const STEPS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A stretch of time in its two largest units, or one: `42 s`, `5 min 3 s`, `2 d 4 h`. Never negative: clocks are set back. */
export function span(seconds: number, units: 1 | 2 = 2): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = STEPS.findIndex(([size]) => whole >= size);
  if (first === -1) return '0 s';
  const [size, unit] = STEPS[first] as (typeof STEPS)[number];
  const next = STEPS[first + 1];
  const said = `${Math.floor(whole / size)} ${unit}`;
  const rest = next === undefined || units === 1 ? 0 : Math.floor((whole % size) / next[0]);
  return next === undefined || rest === 0 ? said : `${said} ${rest} ${next[1]}`;
}

/** How long ago something was. */
export function age(nowMs: number, thenMs: number, units?: 1 | 2): string {
  return span((nowMs - thenMs) / 1000, units);
}

const DAY_MS = 86_400_000;
const TWO_DIGITS: () => readonly string[] = lazy(() =>
  Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0')),
);

/** The time of day in UTC, as logs have it: `14:02:11`. By hand, because a `Date` costs more than the rest of a bar. */
export function timeOfDay(epochMs: number): string {
  if (!(Math.abs(epochMs) < 8_640_000_000_000_000)) return isoTime(epochMs).slice(11, 19);
  // A `Date` drops the fraction too.
  const ms = Math.trunc(epochMs) % DAY_MS;
  const seconds = Math.floor((ms < 0 ? ms + DAY_MS : ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const digits = TWO_DIGITS();
  return `${digits[Math.floor(minutes / 60)]}:${digits[minutes % 60]}:${digits[seconds % 60]}`;
}

/** Date and time in UTC: `2026-02-03 14:02:11 UTC`. */
export function dateAndTime(epochMs: number): string {
  const iso = isoTime(epochMs);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** The value of a check as people write it: `412 MB`, `91.2 %`, `1 h 10 min`. */
export function quantity({ value, unit }: CheckReport): string | undefined {
  if (value === undefined) return undefined;
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'seconds':
      return value < 0 ? `${round(value)} s` : value < 1 ? duration(value * 1000) : span(value);
    case 'milliseconds':
      return duration(value);
    case 'ratio':
      return `${round(value * 100)} %`;
    default:
      return String(round(value));
  }
}

function bytes(value: number): string {
  const sizes = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1) / 3)), sizes.length - 1);
  return `${Number((value / 1000 ** step).toPrecision(3))} ${sizes[step]}`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

/** The smallest of some durations that the given part of them does not exceed (nearest rank). */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}
