/** Visits each match of a pattern; `visit` returns where to continue. */
export function each(
  pattern: RegExp,
  text: string,
  visit: (match: RegExpExecArray, end: number) => number,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const end = match.index + Math.max(1, match[0].length);
    pattern.lastIndex = Math.max(end, visit(match, end));
  }
}
