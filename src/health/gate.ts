import { type FailOn, reaches } from './checker.ts';
import type { CheckStatus } from './result.ts';

/**
 * Decides whether a check makes its groups unhealthy. Thresholds damp that decision, never the status shown: they
 * apply once the check has been good, so a service that never worked gates at its first failure.
 */
export class Gate {
  readonly #failOn: FailOn;
  readonly #failureThreshold: number;
  readonly #successThreshold: number;
  /** Runs in a row whose status reached `failOn`. */
  #failures = 0;
  /** Runs in a row whose status did not. */
  #successes = 0;
  #isGating: boolean;
  /** True once a run has stayed below `failOn`: the startup group waits for this. */
  hasPassed = false;

  constructor(failOn: FailOn, failureThreshold: number, successThreshold: number) {
    this.#failOn = failOn;
    this.#failureThreshold = failureThreshold;
    this.#successThreshold = successThreshold;
    this.#isGating = this.gatesWithoutResult;
  }

  /** True if the check gates while it has no valid result. */
  get gatesWithoutResult(): boolean {
    return this.#failOn !== 'never';
  }

  /** Counts a run, after `missed` failing ones that an overdue run kept from starting. */
  record(status: CheckStatus, missed: number): void {
    const isFailing = reaches(status, this.#failOn);
    if (isFailing) {
      this.#failures += 1 + missed;
      this.#successes = 0;
    } else {
      this.#successes++;
      this.#failures = 0;
    }
    if (!this.hasPassed) {
      this.hasPassed = !isFailing;
      this.#isGating = isFailing;
    } else if (this.#isGating) {
      this.#isGating = isFailing || this.#successes < this.#successThreshold;
    } else {
      this.#isGating = this.#failures >= this.#failureThreshold;
    }
  }

  /** @param missed failing runs on top of those that were recorded */
  isGating(missed: number): boolean {
    return this.#isGating || (this.#failures > 0 && this.#failures + missed >= this.#failureThreshold);
  }

  /** The progress of a change of gating that a threshold delays; undefined if none does. */
  damping(missed: number): { readonly runs: number; readonly of: number } | undefined {
    const [runs, of] = this.isGating(missed)
      ? [this.#successes, this.#successThreshold]
      : [this.#failures && this.#failures + missed, this.#failureThreshold];
    return runs > 0 ? Object.freeze({ runs, of }) : undefined;
  }
}
