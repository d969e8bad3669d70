/**
 * Reads environment variables: envalid parses them and finds missing ones; here every fault becomes a sentence with what
 * was expected and an example. All faults are reported at once.
 */
import { redact } from 'allswell';
import {
  type CleanedEnv,
  cleanEnv,
  EnvError,
  type ExactValidator,
  makeExactValidator,
  type ValidatorSpec,
} from 'envalid';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables whose value is never repeated, in no log and no error. */
const secrets: ReadonlySet<string> = new Set(['DATABASE_URL', 'MIGRATE_DATABASE_URL']);

/** A whole number within bounds; rejects `1e3`, `0x10` and `5s`. */
export function wholeNumber(lowest: number, highest: number): ExactValidator<number> {
  return makeExactValidator<number>((text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
    throw new EnvError('not in range');
  });
}

/** One of the given words. */
export function oneOf<Word extends string>(words: readonly Word[]): ExactValidator<Word> {
  return makeExactValidator<Word>((text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw new EnvError('not one of the words');
  });
}

/** A host name or an address, as `listen` takes it: no scheme, no port, no brackets. */
export const host: ExactValidator<string> = makeExactValidator<string>((text) => {
  if (/^[\w.:%-]+$/.test(text) && !/^[^:]+:\d*$/.test(text)) return text;
  throw new EnvError('not a host');
});

/** A PostgreSQL connection string that names a server. */
export const databaseUrl: ExactValidator<string> = makeExactValidator<string>((text) => {
  if (!URL.canParse(text)) throw new EnvError('not a URL');
  const { protocol, hostname, searchParams } = new URL(text);
  const isPostgres = protocol === 'postgres:' || protocol === 'postgresql:';
  if (isPostgres && (hostname !== '' || searchParams.has('host'))) return text;
  throw new EnvError('not a connection string');
});

/** The variables. `desc` completes the sentence "Expected PORT to be …". */
export type Specs = Record<string, ValidatorSpec<unknown>>;

/** The sentence for one invalid variable. */
function fault(specs: Specs, name: string, value: string | undefined): string {
  const { desc, example } = specs[name] as { desc: string; example: string };
  return `Expected ${name} to be ${desc}, got ${shown(name, value)}; for example ${name}=${example}`;
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'nothing';
  if (secrets.has(name)) return 'something else (not shown, because it may hold a password)';
  // A connection string may have been pasted into the wrong variable.
  const safe = redact(value);
  return `'${safe.length > 60 ? `${safe.slice(0, 60)}…` : safe}'`;
}

/** Thrown with every fault of an environment. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const [first] = faults;
    super(
      faults.length === 1 && first !== undefined
        ? first
        : `${faults.length} environment variables are invalid:\n  ${faults.join('\n  ')}`,
    );
    this.faults = faults;
  }
}

/**
 * Reads variables. An empty one counts as not set: `PORT= node server.js` and many templates leave it empty.
 * @param more finds faults that involve several variables
 * @throws EnvironmentError with every fault
 */
export function readEnvironment<S extends Specs>(
  env: Environment,
  specs: S,
  more: (values: Partial<CleanedEnv<S>>) => readonly string[] = () => [],
): CleanedEnv<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return cleanEnv(given, specs, {
    reporter: ({ errors, env: values }) => {
      const wrong = Object.keys(specs).filter((name) => errors[name] !== undefined);
      const faults = wrong.map((name) => fault(specs, name, given[name]));
      faults.push(...more(values as Partial<CleanedEnv<S>>));
      if (faults.length > 0) throw new EnvironmentError(faults);
    },
  });
}
