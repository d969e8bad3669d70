import type { Checker } from '../../src/health/checker.ts';
import { HealthController } from '../../src/health/controller.ts';
import type { ControllerOptions } from '../../src/health/controller-options.ts';
import type { Report } from '../../src/health/report.ts';
import { isConfigError } from '../../src/internal/config-error.ts';
import type { Logger } from '../../src/internal/logger.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';

/** A promise that the test settles. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  open(value: T): void;
  fail(reason: unknown): void;
}

export function gate<T = undefined>(): Gate<T> {
  let open!: (value: T) => void;
  let fail!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** A logger that keeps what it is told. */
export function memoryLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (facts: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  };
  return { lines, info: write('info'), warn: write('warn'), error: write('error') };
}

/** A controller on a virtual clock. */
export function virtualHealth(options: Omit<ControllerOptions, 'clock'> = {}) {
  const clock = new VirtualClock();
  const logger = memoryLogger();
  const health = new HealthController({ logger, ...options, clock });
  return { clock, logger, health };
}

/** The statuses of a report, as the body shows them. */
export function statuses(report: Report): Record<string, string> {
  return Object.fromEntries(Object.values(report.checks).map(({ name, status }) => [name, status]));
}

/** The message of a check. */
export function messageOf(report: Report, name: string): string | undefined {
  return report.checks[name]?.message;
}

/** Bodies of checkers. */
export const pass = () => undefined;
export const warn = () => ({ status: 'warning' }) as const;
export const fail = () => {
  throw new Error('broken');
};
export const never = () => new Promise<undefined>(() => undefined);

/** A checker of the process itself. */
export const process: Checker = { kind: 'process', check: pass };

/** The issues of the ConfigError that an action throws; none if it throws nothing. */
export function issuesOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (thrown) {
    if (isConfigError(thrown)) return thrown.issues;
    throw thrown;
  }
  return [];
}

/** A report that no engine made, without checks. */
export function reportOf(group: string, status: Report['status'], more: Partial<Report> = {}): Report {
  return {
    status,
    group,
    draining: false,
    held: false,
    holds: [],
    checks: {},
    atMs: 0,
    service: {},
    ...more,
  };
}
