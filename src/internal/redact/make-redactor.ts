import { redact } from './redact.ts';

/** Shown instead of a text that the user's function failed to redact. */
export const WITHHELD = '[withheld: the redact option failed]';

/**
 * Combines the built-in redaction with the user's function, which gets text that is already redacted. If it throws or returns
 * anything but a string, the text is withheld, because it may contain what the function should have removed.
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
