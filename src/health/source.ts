import { defaultLogger, type Logger, safeLogger } from '../internal/logger.ts';
import { type Clock, settlesWithin, systemClock } from '../internal/time.ts';
import type { HealthEvents, HealthListener } from './events.ts';
import type { HistoryEntry } from './history.ts';
import type { Report } from './report.ts';

/**
 * What adapters and metrics need from a controller. A `HealthController` is one; so is a proxy, or a fake in a test.
 */
export interface HealthSource {
  /** The report of a group, after running what is not fresh. */
  report(group?: string): Promise<Report>;
  /** The report of a group from the last results, whatever their age. Runs nothing. */
  lastReport(group?: string): Report;
  /** The last results of a check, oldest first. */
  history(name: string): readonly HistoryEntry[];
  /** The names of all groups. */
  readonly groups: readonly string[];
  /** Returns true if a group, or `checks/<name>`, exists now. */
  has(group: string): boolean;
  readonly isDraining: boolean;
  on<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): unknown;
  off<E extends keyof HealthEvents>(event: E, listener: HealthListener<E>): unknown;
}

/** The methods of a {@link HealthSource}. */
export const SOURCE_METHODS: readonly (keyof HealthSource)[] = [
  'report',
  'lastReport',
  'history',
  'has',
  'on',
  'off',
];

/** The internal side of a controller, for other modules of this package. */
export interface Engine {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Returns true once the controller was closed. */
  isClosed(): boolean;
  /** The cached report of a group while it is fresh. Costs one reading of the clock. */
  fresh(group: string): Report | undefined;
  /** How much longer the cached report of a group stays fresh unless it is invalidated, in milliseconds; 0 if there is none. */
  freshMs(group: string): number;
  /** The report of a group: synchronously if nothing has to run. */
  look(group: string): Report | Promise<Report>;
  /** True if a check asks another service for its health; requests from such services are answered by {@link lookForPeer}. */
  readonly hasPeerChecks: boolean;
  /**
   * The report for another service that checks this one. Checks that ask peers keep their last result and neither run nor
   * count: otherwise two services that check each other would loop, and keep each other out of service for good.
   */
  lookForPeer(group: string): Report | Promise<Report>;
  /**
   * Calls the listener, synchronously, whenever earlier reports become invalid.
   * @returns a function that removes the listener
   */
  onInvalidate(listener: () => void): () => void;
}

/** How long a source that is not a `HealthController` may take to answer, in milliseconds. */
const SOURCE_TIMEOUT_MS = 800;

/** Not a property: users see only the public controller, and checkers cannot reach the engine. */
const engines = new WeakMap<object, Engine>();

/** Makes the engine of a controller known to {@link engineOf}. */
export function registerEngine(source: HealthSource, engine: Engine): void {
  engines.set(source, engine);
}

/** The engine behind a source: a controller's own, or one that works through the source's public methods. */
export function engineOf(source: HealthSource): Engine {
  return (
    engines.get(source) ?? {
      clock: systemClock,
      logger: safeLogger(defaultLogger),
      timeoutMs: SOURCE_TIMEOUT_MS,
      isClosed: () => false,
      fresh: () => undefined,
      freshMs: () => 0,
      look: (group) => reportInTime(source, group),
      hasPeerChecks: false,
      lookForPeer: (group) => reportInTime(source, group),
      onInvalidate: () => () => undefined,
    }
  );
}

/** The report of a source that is not a `HealthController`; its last report if it takes too long. */
async function reportInTime(source: HealthSource, group: string): Promise<Report> {
  const report = source.report(group);
  const isInTime = await settlesWithin(systemClock, SOURCE_TIMEOUT_MS, report);
  return isInTime ? report : source.lastReport(group);
}
