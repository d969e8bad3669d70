import { redact } from './redact.ts';

/** Shown in place of a text that the user's function could not redact. */
export const WITHHELD = '[withheld: the redact option failed]';

/**
 * Joins the package's redaction with the user's own: ours first, then theirs on what is left. What theirs throws, or
 * returns instead of a string, never comes out: the text is withheld, because it may hold what theirs was to remove.
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
      // what it throws may quote the text
    }
    return WITHHELD;
  };
}
