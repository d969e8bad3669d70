import { lazy } from './lazy.ts';

/** Where Node keeps the stores of the context in which a resource was made: up to 22, and from 22 on. */
const STORES: ReadonlySet<unknown> = new Set(['kResourceStore', 'context_frame']);

const scope = lazy(() => {
  const { AsyncResource } = process.getBuiltinModule('node:async_hooks');
  const resource = new AsyncResource('allswell');
  // This may run within a request. What that request stores must not stay here.
  for (const key of Object.getOwnPropertySymbols(resource))
    if (STORES.has(key.description)) Reflect.set(resource, key, undefined);
  return resource;
});

/**
 * Calls a function outside the async context of the caller. A run is shared by many requests and belongs to
 * none, so no request's `AsyncLocalStorage` store is visible in it, or kept alive by it.
 */
export function outsideRequests<A, R>(call: (argument: A) => R, thisArgument: unknown, argument: A): R {
  return scope().runInAsyncScope(call, thisArgument, argument);
}
