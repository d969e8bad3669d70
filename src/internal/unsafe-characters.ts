/** The characters that forge log lines, move terminals and turn text around, in runs. */
export const UNSAFE_CHARACTERS: RegExp = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;
