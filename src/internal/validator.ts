import { ConfigError, isConfigError } from './config-error.ts';
import { describe } from './describe.ts';
import { failureMessage } from './error-text.ts';
import { MAX_TIMER_MS } from './time.ts';

/**
 * Collects all issues in the options of one call, so that one {@link ConfigError} shows them together. Each method checks
 * one option; an option that is not given is never an issue.
 */
export class Validator {
  readonly #issues: string[] = [];

  /** Adds an issue in the caller's own words. */
  add(issue: string): void {
    this.#issues.push(issue);
  }

  /** Adds "Expected `name` to be …, got …". */
  expected(name: string, expectation: string, value: unknown): void {
    this.add(`Expected \`${name}\` to be ${expectation}, got ${describe(value)}`);
  }

  /**
   * The known options that `value` has as own properties, as a new object: inherited properties are not options. Empty if
   * `value` is undefined or not an object; the latter is an issue, and so is each unknown key.
   */
  options<T extends object>(
    name: string,
    value: T | undefined,
    known: readonly (keyof T & string)[],
  ): Partial<T> {
    // Without a prototype, so that properties of a polluted `Object.prototype` do not count as options either.
    const own: Partial<T> = Object.create(null);
    if (value === undefined) return own;
    const keys = keysOf(value);
    if (keys === undefined) this.expected(name, 'an object', value);
    for (const key of (keys ?? []) as (keyof T & string)[]) {
      if (!known.includes(key)) this.add(`Unknown option \`${key}\`; the options are ${quoteAll(known)}`);
      else this.#read(own, value, key);
    }
    return own;
  }

  /** Reads an option once: a getter may return something else the next time, or throw. */
  #read<T extends object>(own: Partial<T>, value: T, key: keyof T & string): void {
    try {
      const option = value[key];
      if (option !== undefined) own[key] = option;
    } catch (thrown) {
      this.add(
        `Expected \`${key}\` to be readable, but reading it failed: ${failureMessage(thrown, 'its getter')}`,
      );
    }
  }

  milliseconds(name: string, value: unknown, minimum: 0 | 1): void {
    if (value === undefined || isWholeBetween(value, minimum, MAX_TIMER_MS)) return;
    this.expected(name, `a whole number of milliseconds from ${minimum} to ${MAX_TIMER_MS}`, value);
  }

  wholeNumber(name: string, value: unknown, minimum: number, maximum: number): void {
    if (value === undefined || isWholeBetween(value, minimum, maximum)) return;
    this.expected(name, `a whole number from ${minimum} to ${maximum}`, value);
  }

  /** A fraction. */
  ratio(name: string, value: unknown): void {
    if (value === undefined || (typeof value === 'number' && value > 0 && value <= 1)) return;
    this.expected(name, 'a number over 0 and up to 1', value);
  }

  /** Two options of which only one may be given. */
  notBoth(name: string, value: unknown, otherName: string, other: unknown): void {
    if (value !== undefined && other !== undefined)
      this.add(`Give \`${name}\` or \`${otherName}\`, not both`);
  }

  /** Two thresholds of which the lower one must not be over the higher one. */
  ordered(lowName: string, low: unknown, highName: string, high: unknown): void {
    if (typeof low !== 'number' || typeof high !== 'number' || !(low > high)) return;
    this.add(
      `Expected \`${lowName}\` to be at most \`${highName}\`, got ${describe(low)} over ${describe(high)}`,
    );
  }

  oneOf(name: string, value: unknown, allowed: readonly string[]): void {
    if (value === undefined || allowed.includes(value as string)) return;
    this.expected(name, `one of ${allowed.map((each) => `'${each}'`).join(', ')}`, value);
  }

  nonEmptyString(name: string, value: unknown): void {
    if (value === undefined || (typeof value === 'string' && value !== '')) return;
    this.expected(name, 'a non-empty string', value);
  }

  boolean(name: string, value: unknown): void {
    if (value === undefined || typeof value === 'boolean') return;
    this.expected(name, 'true or false', value);
  }

  function(name: string, value: unknown, what: string = 'a function'): void {
    if (value === undefined || typeof value === 'function') return;
    this.expected(name, what, value);
  }

  /** An object with the named methods, such as a logger. */
  methods(name: string, value: unknown, methods: readonly string[]): void {
    if (value === undefined || hasMethods(value, methods)) return;
    this.expected(name, `an object with the methods ${quoteAll(methods)}`, value);
  }

  /** Returns what `make` returns, or adopts the issues of the {@link ConfigError} that it throws. */
  adopt<T>(make: () => T): T | undefined {
    try {
      return make();
    } catch (thrown) {
      if (!isConfigError(thrown)) throw thrown;
      this.#issues.push(...thrown.issues);
      return undefined;
    }
  }

  /** @throws ConfigError that lists every issue collected so far, if there is one */
  throwIfAny(subject: string): void {
    if (this.#issues.length > 0) throw new ConfigError(subject, this.#issues);
  }
}

/** Returns true if a value is an object, or a function, that has all of the named methods. */
export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

/** The keys of an options object; undefined for anything else, and for an object that cannot be read. */
function keysOf(value: unknown): readonly string[] | undefined {
  try {
    const isOptions = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isOptions ? Object.keys(value) : undefined;
  } catch {
    return undefined;
  }
}

function isWholeBetween(value: unknown, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
