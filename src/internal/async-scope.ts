import { AsyncResource } from 'node:async_hooks';

/** Made when the module is loaded, so it carries no request's `AsyncLocalStorage` stores. */
const scope = new AsyncResource('allswell');

/**
 * Calls a function outside the async context of the caller. A run is shared by many requests and belongs to
 * none: inside it no request's `AsyncLocalStorage` store is seen, or kept alive.
 */
export function outsideRequests<A, R>(call: (argument: A) => R, thisArgument: unknown, argument: A): R {
  return scope.runInAsyncScope(call, thisArgument, argument);
}
