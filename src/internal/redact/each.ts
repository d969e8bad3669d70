import type { Spans } from './spans.ts';

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

/** Visits each occurrence of a mark; `visit` gets its position and where the search began, and returns where to continue. */
export function eachPlace(mark: string, text: string, visit: (at: number, from: number) => number): void {
  let from = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, from))
    from = Math.max(at + mark.length, visit(at, from));
}

/** Masks the group at the end of each match. */
export function maskGroups(pattern: RegExp, text: string, spans: Spans): void {
  each(pattern, text, (match, end) => {
    spans.add(end - (match[1] as string).length, end);
    return end;
  });
}
