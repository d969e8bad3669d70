/** More results than this are forgotten at once, so that ever new strings do not fill the memory. */
const MOST = 1_000;

/** Longer strings are not kept: they seldom come again. */
const LONGEST = 80;

/** A function of a string that remembers its results, because messages repeat. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    let result = results.get(text);
    if (result !== undefined) return result;
    result = compute(text);
    if (text.length > LONGEST) return result;
    if (results.size >= MOST) results.clear();
    results.set(text, result);
    return result;
  };
}
