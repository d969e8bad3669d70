import { describe } from './describe.ts';
import { ConfigError, isConfigError } from './errors.ts';

/** The longest timer Node has, 2^31 - 1 ms: one more and it fires after 1 ms. */
export const MAX_TIMER_MS = 2_147_483_647;

/**
 * Collects what is wrong with the options of one call, so that one {@link ConfigError} shows all of it.
 * Each method looks at one option; an option that is not given is never a fault.
 */
export class Faults {
  readonly #faults: string[] = [];

  /** Adds a fault in the caller's own words. */
  add(fault: string): void {
    this.#faults.push(fault);
  }

  /** Adds "Expected `name` to be …, got …". */
  expected(name: string, expectation: string, value: unknown): void {
    this.add(`Expected \`${name}\` to be ${expectation}, got ${describe(value)}`);
  }

  /** Whether `value` is an object to read options from; other keys than the `known` ones are faults. */
  isOptions<T extends object>(name: string, value: T | undefined, known: readonly string[]): value is T {
    if (value === undefined) return false;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.expected(name, 'an object', value);
      return false;
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.add(`Unknown option \`${key}\`; the options are ${quoteAll(known)}`);
    }
    return true;
  }

  milliseconds(name: string, value: unknown, minimum: 0 | 1): void {
    if (value === undefined || isWholeBetween(value, minimum, MAX_TIMER_MS)) return;
    this.expected(name, `a whole number of milliseconds from ${minimum} to ${MAX_TIMER_MS}`, value);
  }

  wholeNumber(name: string, value: unknown, minimum: number, maximum: number): void {
    if (value === undefined || isWholeBetween(value, minimum, maximum)) return;
    this.expected(name, `a whole number from ${minimum} to ${maximum}`, value);
  }

  oneOf(name: string, value: unknown, allowed: readonly string[]): void {
    if (value === undefined || allowed.includes(value as string)) return;
    this.expected(name, `one of ${allowed.map((each) => `'${each}'`).join(', ')}`, value);
  }

  text(name: string, value: unknown): void {
    if (value === undefined || (typeof value === 'string' && value !== '')) return;
    this.expected(name, 'a text that is not empty', value);
  }

  /** What `make` makes; where it throws a {@link ConfigError} instead, its faults are ours. */
  adopt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (thrown) {
      if (!isConfigError(thrown)) throw thrown;
      this.#faults.push(...thrown.faults);
      return undefined;
    }
  }

  /** Something with the named methods, such as a logger. */
  methods(name: string, value: unknown, methods: readonly string[]): void {
    if (value === undefined || hasMethods(value, methods)) return;
    this.expected(name, `an object with the methods ${quoteAll(methods)}`, value);
  }

  /** @throws ConfigError that lists every fault collected so far, if there is one. */
  throwIfAny(subject: string): void {
    if (this.#faults.length > 0) throw new ConfigError(subject, this.#faults);
  }
}

/** Whether a value is an object, or a function, that has all of the named methods. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

function isWholeBetween(value: unknown, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
