import type { EventLoopUtilization, Performance } from 'node:perf_hooks';
import type { Checker } from '../health/checker.ts';
import type { CheckResult, CheckStatus } from '../health/result.ts';
import { Validator } from '../internal/validator.ts';

/** How often the delay is measured, in milliseconds. */
const RESOLUTION_MS = 20;
/** This many measurements cover 10 s of an event loop that is not blocked. */
const MEASUREMENTS = 500;

/** Thresholds of {@link eventLoop}, in whole milliseconds from 1 to 2147483647. */
export interface EventLoopOptions {
  /** `warning` from this delay on. Default 250. */
  readonly warnMs?: number;
  /** `error` from this delay on. Default: none. */
  readonly errorMs?: number;
}

/** The default thresholds. */
const EVENT_LOOP_DEFAULTS: { readonly warnMs: number } = Object.freeze({ warnMs: 250 });

/**
 * Compares the delay of the event loop with a threshold: the longest time that it was blocked since the last run, and the 99th
 * percentile of the last 10 s. Both, because after one stall of 4 s in 10 s the percentile is still a few milliseconds. The
 * details include how busy the loop is.
 *
 * It is shown but does not gate (`failOn: 'never'`) unless it is registered otherwise: under load it would take busy instances
 * out of service one after another.
 *
 * @example health.register('eventLoop', eventLoop({ warnMs: 500 }))
 * @throws ConfigError with every issue in the options
 */
export function eventLoop(options?: EventLoopOptions): Checker {
  const { warnMs, errorMs } = checkOptions(options);
  const meter = new DelayMeter();
  return {
    kind: 'process',
    failOn: 'never',
    check: () => compare(meter.read(), warnMs, errorMs),
    close: () => meter.close(),
  };
}

/** What was measured, in milliseconds beyond the delay of an idle loop. */
interface Delay {
  readonly longestMs: number;
  readonly p99Ms: number;
  /** The fraction of the time since the last run in which the loop was busy, from 0 to 1. */
  readonly utilization: number;
}

/**
 * Measures how late a timer fires, from construction until it is closed. It keeps no process alive. It does not use
 * `monitorEventLoopDelay`: that loses what blocks the loop during a reset, and without a reset it forgets nothing.
 */
class DelayMeter {
  /** A ring of the last measurements. */
  readonly #delays = new Float64Array(MEASUREMENTS);
  readonly #timer: NodeJS.Timeout;
  // Not the global one, which measures no utilization in Bun and Deno; not imported, because that loads most of the module.
  readonly #performance: Performance = process.getBuiltinModule('node:perf_hooks').performance;
  #count = 0;
  #longestMs = 0;
  #at: number = this.#performance.now();
  #utilization: EventLoopUtilization = this.#performance.eventLoopUtilization();

  constructor() {
    this.#timer = setInterval(() => this.#measure(), RESOLUTION_MS);
    this.#timer.unref();
  }

  read(): Delay {
    // The check may be the first thing to run after a block, before the timer.
    this.#longestMs = Math.max(this.#longestMs, this.#performance.now() - this.#at - RESOLUTION_MS);
    const longestMs = Math.round(Math.max(0, this.#longestMs));
    this.#longestMs = 0;
    const before = this.#utilization;
    this.#utilization = this.#performance.eventLoopUtilization();
    const { utilization } = this.#performance.eventLoopUtilization(this.#utilization, before);
    const sorted = this.#delays.slice(0, Math.min(this.#count, MEASUREMENTS)).sort();
    const p99Ms = Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0);
    return { longestMs, p99Ms, utilization };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #measure(): void {
    const now = this.#performance.now();
    const delayMs = Math.max(0, now - this.#at - RESOLUTION_MS);
    this.#at = now;
    this.#delays[this.#count % MEASUREMENTS] = delayMs;
    this.#count++;
    if (delayMs > this.#longestMs) this.#longestMs = delayMs;
  }
}

function compare(delay: Delay, warnMs: number, errorMs: number | undefined): CheckResult {
  const { longestMs, p99Ms, utilization } = delay;
  const worstMs = Math.max(longestMs, p99Ms);
  const details = { longestMs, p99Ms, utilization: Math.round(utilization * 1000) / 1000 };
  const isError = errorMs !== undefined && worstMs >= errorMs;
  const status: CheckStatus = isError ? 'error' : worstMs >= warnMs ? 'warning' : 'ok';
  if (status === 'ok') return { status, value: longestMs, unit: 'milliseconds', details };
  return {
    status,
    value: longestMs,
    unit: 'milliseconds',
    details,
    message:
      `the event loop was late by up to ${longestMs} ms since the last run, by ${p99Ms} ms at the 99th percentile of 10 s, ` +
      `expected less than ${isError ? errorMs : warnMs} ms: take a CPU profile, and move long work into a worker thread or ` +
      'smaller steps',
  };
}

function checkOptions(options: EventLoopOptions | undefined): {
  warnMs: number;
  errorMs: number | undefined;
} {
  const validator = new Validator();
  const own = validator.options('options', options, ['warnMs', 'errorMs']);
  validator.milliseconds('warnMs', own.warnMs, 1);
  validator.milliseconds('errorMs', own.errorMs, 1);
  // With `errorMs` alone below the default, `warnMs` follows it.
  const warnMs =
    own.warnMs ?? Math.min(EVENT_LOOP_DEFAULTS.warnMs, own.errorMs ?? EVENT_LOOP_DEFAULTS.warnMs);
  validator.ordered('warnMs', warnMs, 'errorMs', own.errorMs);
  validator.throwIfAny('Invalid eventLoop() options');
  return { warnMs, errorMs: own.errorMs };
}
