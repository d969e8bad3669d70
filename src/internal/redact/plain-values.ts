import { handleRejection } from '../promises.ts';

/** What an object is by its inner type, whatever realm it comes from: Jest and `vm` have classes of their own. */
function typeOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/**
 * What JSON would show of an object that is more than its own properties: the time of a date, the message of an error, the word
 * `[bytes]` for binary data, else what its `toJSON()` returns, as of a URL, a decimal or an id. Undefined for all others.
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
    // It only calls itself a date.
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
