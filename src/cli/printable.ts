/** Controls, invisible formatting such as bidirectional overrides, and line separators; tab and line feed stay. */
const UNPRINTABLE = /[^\P{C}\t\n]|[\u2028\u2029]/gu;

/**
 * Makes a peer's text safe to print: a terminal that shows a log must not obey escape sequences from a response body.
 * Every character that a terminal could obey is replaced by its escape, such as `\x1b`.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Cuts text to at most this many bytes of UTF-8, at the end of a character, and marks the cut with `…`. */
export function clip(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const room = maxBytes - Buffer.byteLength('…');
  // `stream` drops a character that the cut has split.
  return `${new TextDecoder().decode(Buffer.from(text).subarray(0, room), { stream: true })}…`;
}
