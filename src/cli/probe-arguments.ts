import { validateHeaderName, validateHeaderValue } from 'node:http';
import { parseArgs } from 'node:util';

/** What `allswell probe` was asked to do. */
export interface ProbeArguments {
  /** The URL to probe, without a zone id, because URLs cannot hold one. */
  readonly url: URL;
  /** The zone of a link-local IPv6 address, such as `eth0` in `http://[fe80::1%eth0]:4000/`. */
  readonly zone: string | undefined;
  /** For everything together: name resolution, connection, TLS, the response and its body. In milliseconds. */
  readonly timeoutMs: number;
  /** Path of a Unix domain socket to connect to instead of the URL's host. */
  readonly socketPath: string | undefined;
  /** In the order given; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The default of `--timeout`, in milliseconds. */
export const DEFAULT_PROBE_TIMEOUT_MS = 3000;

/** The longest delay of a Node timer. */
const MAX_TIMEOUT_MS = 2_147_483_647;

const EXAMPLE_URL = 'http://127.0.0.1:4000/api/v1/health/live';

/** The usage of `allswell probe`, for `--help` and after invalid arguments. */
export const PROBE_USAGE: string = `Usage: allswell probe [options] URL
Sends one GET to URL. Exits 0 on a 2xx and 1 on anything else, and prints why in at most 4 kB. Does not follow redirects.
  --timeout DURATION       for the whole probe, such as 500ms or 10s; default ${DEFAULT_PROBE_TIMEOUT_MS / 1000}s
  --unix PATH              connect to this Unix socket instead of the host of URL
  --header 'Name: value'   add this header; may be repeated
  --help                   print this
Example: allswell probe --timeout 2s ${EXAMPLE_URL}`;

/** Either the arguments, or everything that is wrong with them. */
export type ReadArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly issues: readonly string[] }
  | { readonly kind: 'probe'; readonly arguments: ProbeArguments };

const OPTIONS = {
  timeout: { type: 'string' },
  unix: { type: 'string' },
  header: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Parses the arguments after `allswell probe`. Never throws; finds all issues at once, and none repeats a secret. */
export function readProbeArguments(args: readonly string[]): ReadArguments {
  // Not strict, because strict parsing throws at the first issue.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const given = new Given();
  for (const token of tokens) {
    if (token.kind === 'positional') given.positionals.push(token.value);
    else if (token.kind === 'option') given.take(token.name, token.rawName, token.value);
  }
  if (given.help) return { kind: 'help' };
  const target = given.target();
  if (target === undefined || given.issues.length > 0) return { kind: 'wrong', issues: given.issues };
  const { timeoutMs, socketPath, headers } = given;
  return { kind: 'probe', arguments: { ...target, timeoutMs, socketPath, headers } };
}

/** The arguments seen so far, and what is wrong with them. */
class Given {
  readonly issues: string[] = [];
  readonly positionals: string[] = [];
  readonly headers: [string, string][] = [];
  timeoutMs = DEFAULT_PROBE_TIMEOUT_MS;
  socketPath: string | undefined;
  help = false;

  take(name: string, rawName: string, value: string | undefined): void {
    if (name === 'help') this.help = true;
    else if (name === 'timeout') this.#takeTimeout(value);
    else if (name === 'unix') this.#takeSocketPath(value);
    else if (name === 'header') this.#takeHeader(value);
    else this.issues.push(`Unknown option ${rawName}`);
  }

  #takeTimeout(value: string | undefined): void {
    const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(value ?? '') ?? [];
    const ms = Math.round(Number(number) * (unit === 's' ? 1000 : 1));
    if (ms >= 1 && ms <= MAX_TIMEOUT_MS) this.timeoutMs = ms;
    else this.issues.push(`Expected --timeout to be a duration such as 500ms or 10s, got ${shown(value)}`);
  }

  #takeSocketPath(value: string | undefined): void {
    if (value) this.socketPath = value;
    else this.issues.push(`Expected --unix to be the path of a socket, got ${shown(value)}`);
  }

  /** The value is never shown: it may be a token, even where the name was forgotten. */
  #takeHeader(value = ''): void {
    const colon = value.indexOf(':');
    const name = value.slice(0, Math.max(0, colon));
    const content = value.slice(colon + 1).trim();
    try {
      if (colon < 1) throw new TypeError();
      validateHeaderName(name);
      validateHeaderValue(name, content);
      this.headers.push([name, content]);
    } catch {
      const found = colon < 1 ? 'something without a name' : 'a name or a value that HTTP does not allow';
      this.issues.push(`Expected --header to be 'Name: value', got ${found} (not shown, it may be a secret)`);
    }
  }

  target(): { url: URL; zone: string | undefined } | undefined {
    const [text, ...more] = this.positionals;
    const expected = `Expected a URL such as ${EXAMPLE_URL}`;
    if (text === undefined) this.issues.push(`${expected}, got none`);
    if (more.length > 0) this.issues.push(`Expected one URL, got ${this.positionals.length} arguments`);
    if (text === undefined) return undefined;
    const { bare, zone } = withoutZone(text);
    const url = URL.canParse(bare) ? new URL(bare) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol)) return { url, zone };
    this.issues.push(`${expected}, got ${shown(text)}`);
    return undefined;
  }
}

/** WHATWG URLs have no zone ids, so it is removed first, as `%eth0` or in the escaped form of RFC 6874, `%25eth0`. */
function withoutZone(text: string): { bare: string; zone: string | undefined } {
  const match = /^([a-z]+:\/\/(?:[^/?#@]*@)?\[[0-9a-f:.]+)%(?:25)?([\w.~-]+)(\].*)$/is.exec(text);
  return match === null
    ? { bare: text, zone: undefined }
    : { bare: `${match[1]}${match[3]}`, zone: match[2] };
}

function shown(value: string | undefined): string {
  return value === undefined ? 'nothing' : `'${value.replace(/\/\/[^/?#]*@/, '//…@').slice(0, 200)}'`;
}
