/**
 * The characters that forge log lines, move terminals and reverse text, in runs. Ranges, because `\p{Cc}` would load Unicode's
 * tables at import.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
export const UNSAFE_CHARACTERS: RegExp = /[\0-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;
