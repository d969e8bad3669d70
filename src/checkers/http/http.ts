import type { CheckContext, Checker } from '../../health/checker.ts';
import { type CheckResult, error } from '../../health/result.ts';
import { failureCode, failureMessage } from '../../internal/error-text.ts';
import { markPeerCheck, PEER_CHECK_HEADER } from '../../internal/peer-check.ts';
import { Validator } from '../../internal/validator.ts';
import { readHealth } from './health-body.ts';

/** The longest body that is read, in bytes. Beyond that the connection is closed and only the status counts. */
const MAX_BODY_BYTES = 65_536;

const METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;

const REDIRECTS = [301, 302, 303, 307, 308];

/** What {@link http} sends and expects. Every field has a default. */
export interface HttpCheckOptions {
  /** The status codes that count as ok: one or several, from 200 to 599. Default: any from 200 to 299. */
  readonly expect?: number | readonly number[];
  /** Headers of the request, such as `{ authorization: 'Bearer …' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `'GET'`. */
  readonly method?: (typeof METHODS)[number];
}

/**
 * Sends a request to another service, with `fetch`. Any status other than the expected ones is an `error`, and so is a
 * redirect, which is not followed: a login page answers 200. A body that is a health report (ours, health+json, Spring's,
 * ASP.NET's) counts too: a peer that answers 200 and reports `degraded` is a `warning`, which is shown but does not take
 * this instance out of service; register with `failOn: 'warning'` if it should.
 *
 * The request carries `x-health-check: 1`. A service that uses allswell answers it without running its own `http` checks,
 * so two services that check each other neither loop nor keep each other out of service.
 *
 * Think twice before readiness depends on a peer: when the peer is down, every instance is unready at once. With
 * `failOn: 'never'` the check is still shown.
 *
 * @example http('http://payments.internal/api/v1/health/ready')
 * @param url `http:` or `https:`, without credentials; those go into `headers`
 * @throws ConfigError with every issue in the arguments
 */
export function http(url: string | URL, options?: HttpCheckOptions): Checker {
  const request = checkArguments(url, options);
  return markPeerCheck({
    kind: 'dependency',
    failOn: 'error',
    check: (context: CheckContext) => ask(request, context),
  } as const);
}

interface Request {
  readonly url: string;
  /** The URL without its query, which may hold a token. */
  readonly shown: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: readonly number[] | undefined;
}

async function ask(request: Request, context: CheckContext): Promise<CheckResult> {
  const { url, shown, method, headers } = request;
  const { signal, timeoutMs } = context;
  context.setTimeoutMessage(`no answer from ${shown} within ${timeoutMs} ms`);
  try {
    signal.throwIfAborted();
    const response = await fetch(url, { method, headers, redirect: 'manual', signal });
    const { status } = response;
    context.setTimeoutMessage(`${shown} answered ${status}, but its body did not end within ${timeoutMs} ms`);
    const body = await readBody(response);
    return judge(request, response, body);
  } catch (thrown) {
    const code = failureCode(thrown);
    return error(`${shown}: ${failureMessage(thrown)}`, code === undefined ? {} : { code });
  }
}

/** Reads the whole body, so that the connection can be reused; undefined if there is none, or if it is too long. */
async function readBody(response: Response): Promise<string | undefined> {
  if (response.body === null) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
}

function judge({ shown, expect }: Request, response: Response, body: string | undefined): CheckResult {
  const { status } = response;
  const health = body === undefined ? undefined : readHealth(body);
  const isExpected = expect === undefined ? response.ok : expect.includes(status);
  const details = { httpStatus: status };
  if (isExpected) {
    if (health === undefined || health.status === 'ok') return { status: 'ok', details };
    return { status: health.status, message: `${shown} answered ${status} and ${health.text}`, details };
  }
  const saying = health === undefined ? '' : ` and ${health.text}`;
  const wanted = expect === undefined ? '2xx' : expect.join(' or ');
  const hint = REDIRECTS.includes(status)
    ? `; redirects are not followed: check the URL${target(response)}`
    : '';
  return error(`${shown} answered ${status}${saying}, expected ${wanted}${hint}`, {
    code: `HTTP_${status}`,
    details,
  });
}

function target(response: Response): string {
  const location = response.headers.get('location')?.split('?')[0];
  return location ? `, it redirects to ${location}` : '';
}

function checkArguments(url: string | URL, options: HttpCheckOptions | undefined): Request {
  const validator = new Validator();
  const parsed = checkUrl(validator, url);
  const own = validator.options<HttpCheckOptions>('options', options, ['expect', 'headers', 'method']);
  const { expect, headers, method = 'GET' } = own;
  const codes = expect === undefined ? undefined : Array.isArray(expect) ? [...expect] : [expect];
  if (codes?.length === 0) validator.expected('expect', 'at least one status code', expect);
  for (const code of codes ?? []) validator.wholeNumber('expect', code, 200, 599);
  validator.oneOf('method', method, METHODS);
  const all = checkHeaders(validator, headers);
  validator.throwIfAny('Invalid http() options');
  const { href, origin, pathname } = parsed as URL;
  return {
    url: href,
    shown: `${origin}${pathname}`,
    method,
    headers: all,
    expect: codes as number[] | undefined,
  };
}

function checkUrl(validator: Validator, url: unknown): URL | undefined {
  const parsed = url instanceof URL ? url : typeof url === 'string' ? parse(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    validator.expected('url', 'an http: or https: URL', url instanceof URL ? url.href : url);
    return undefined;
  }
  if (parsed.username !== '' || parsed.password !== '')
    validator.add('Expected `url` to contain no credentials; send them in `headers` as `authorization`');
  return new URL(parsed);
}

function parse(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function checkHeaders(validator: Validator, headers: unknown): Record<string, string> {
  const all: Record<string, string> = { [PEER_CHECK_HEADER]: '1' };
  if (headers === undefined) return all;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    validator.expected('headers', 'an object of strings', headers);
    return all;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || !isHeader(name, value))
      // The value may be a credential.
      validator.add(`Expected \`headers\` to be valid names with strings as values; \`${name}\` is not`);
    else if (name.toLowerCase() !== PEER_CHECK_HEADER) all[name] = value;
  }
  return all;
}

function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}
