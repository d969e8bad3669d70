import { handleRejection } from '../promises.ts';

/** The built-in type of an object, in any realm: Jest and `vm` have classes of their own. */
function typeOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/**
 * What to show instead of the properties of an object: the time of a date, the message of an error, `[bytes]` for binary data,
 * otherwise the result of its `toJSON()`, which URLs, decimals and ids have. Undefined for all other objects.
 */
export function plainValueOf(value: object): unknown {
  const type = typeOf(value);
  if (type === 'Date') return timeOf(value);
  if (value instanceof Error || type === 'Error') return String((value as Error).message);
  if (ArrayBuffer.isView(value) || type === 'ArrayBuffer' || type === 'SharedArrayBuffer') return '[bytes]';
  return jsonOf(value);
}

function timeOf(value: object): string | undefined {
  try {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString();
  } catch {
    // It only claims to be a date.
    return undefined;
  }
}

function jsonOf(value: object): unknown {
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== 'function') return undefined;
    const json: unknown = toJSON.call(value);
    handleRejection(json);
    return json;
  } catch {
    return undefined;
  }
}
