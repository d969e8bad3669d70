import type { HealthSource } from '../health/source.ts';
import type { HttpOptions } from '../http/options.ts';
import type { ProbeRequest } from '../http/probe-request.ts';
import type { Reply } from '../http/reply.ts';
import type { RequestReader } from '../http/request-reader.ts';
import { Responder } from '../http/responder.ts';
import { FETCH_ADVICE, foreignCalls, isFetchRequest } from './foreign-arguments.ts';

/** What {@link fetchHandler} returns. `undefined` means that the request is not for health. */
export type FetchHandler = (request: Request) => Response | undefined | Promise<Response>;

/**
 * Health for servers that use fetch requests: Bun, Deno, Hono, Next, SvelteKit. Same paths, codes, headers, formats and policies
 * as `middleware()`. The handler immediately returns `undefined` for requests that are not for health.
 *
 * A fetch request does not reveal where it came from, so `remoteAddress` is undefined in `details` policies.
 *
 * @example
 * const handle = fetchHandler(health);
 * Bun.serve({ fetch: (request) => handle(request) ?? app(request) });
 * @throws ConfigError with every issue in controller and options
 */
export function fetchHandler(health: HealthSource, options?: HttpOptions): FetchHandler {
  const responder = new Responder(fetchRequests, health, options);
  const onForeignCall = foreignCalls(health);
  return (request: Request, next?: unknown) => {
    if (!isFetchRequest(request)) return onForeignCall(FETCH_ADVICE, next) as undefined;
    const answer = responder.answer(targetOf(request.url), request);
    if (answer === undefined) return undefined;
    if (answer instanceof Promise) return answer.then((reply) => responseOf(reply, request));
    return responseOf(answer, request);
  };
}

const fetchRequests: RequestReader<Request> = {
  method: ({ method }) => method,
  accept: (request) => headerOf(request, 'accept'),
  header: headerOf,
  probe: (request, target): ProbeRequest => ({
    method: request.method,
    target,
    headers: Object.assign(Object.create(null), Object.fromEntries(request.headers)),
    remoteAddress: undefined,
    encrypted: request.url.startsWith('https:'),
  }),
  isGone: ({ signal }) => signal?.aborted === true,
};

function headerOf({ headers }: Request, name: string): string | undefined {
  return headers.get(name) ?? undefined;
}

/** Path and query of an absolute URL. */
function targetOf(whole: string): string {
  const fragment = whole.indexOf('#');
  const url = fragment === -1 ? whole : whole.slice(0, fragment);
  const authority = url.indexOf('://');
  const path = authority === -1 ? 0 : url.indexOf('/', authority + 3);
  return path === -1 ? '/' : url.slice(path);
}

function responseOf({ statusCode, headers, body, closesConnection }: Reply, { method }: Request): Response {
  const fields = new Headers();
  for (let index = 0; index < headers.length; index += 2)
    fields.set(headers[index] as string, headers[index + 1] as string);
  if (closesConnection) fields.set('Connection', 'close');
  const content = method === 'HEAD' ? null : (body as string | Uint8Array<ArrayBuffer>);
  return new Response(content, { status: statusCode, headers: fields });
}
