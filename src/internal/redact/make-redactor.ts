import { redact } from './redact.ts';

/** Shown instead of a text that the user's function failed to redact. */
export const WITHHELD = '[withheld: the redact option failed]';

/**
 * Combines the package's redaction with the user's own, which gets the text that ours has redacted. If theirs throws or returns
 * no string, the text is withheld, because it may hold what theirs was to remove.
 * @param custom the controller's option `redact`
 * @example makeRedactor((text) => text.replace(/\bACC-\d+/g, 'ACC-***'))
 */
export function makeRedactor(custom?: (text: string) => string): (text: string) => string {
  if (custom === undefined) return redact;
  return (text) => {
    try {
      const redacted: unknown = custom(redact(text));
      if (typeof redacted === 'string') return redacted;
      // an async function: its rejection must not end the process
      if (redacted instanceof Promise) redacted.catch(() => undefined);
    } catch {
      // the error is dropped: it may quote the text
    }
    return WITHHELD;
  };
}
