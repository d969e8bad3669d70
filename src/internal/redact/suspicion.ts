import { isSuspiciousStem, threeWith } from './stems.ts';

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const JOINER = 3;
const MARK = 4;

const KINDS: Uint8Array = new Uint8Array(128);
for (let code = 97; code < 123; code++) KINDS[code] = KINDS[code - 32] = LETTER;
for (let code = 48; code < 58; code++) KINDS[code] = DIGIT;
for (const character of '+/_=.-') KINDS[character.charCodeAt(0)] = JOINER;
for (const character of '@\\%$&|`{\0\u001b') KINDS[character.charCodeAt(0)] = MARK;

/** From these lengths on, a run of letters and digits, or a word with joining characters, may be a token. */
const SHORT_WORD = 8;
const LONG_WORD = 16;

/**
 * Whether a text may hold a credential: a cheap test that saves most texts the search. Without a stem of a key, a command or a
 * protocol, a mark or a long word, the search would find nothing.
 */
export function isSuspicious(text: string): boolean {
  let three = 0;
  let letters = 0;
  let run = 0;
  let plain = 0;
  let mixed = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? (KINDS[code] as number) : MARK;
    if (kind === MARK) return true;
    if (kind === LETTER) {
      three = threeWith(three, code);
      if (++letters > 2 && isSuspiciousStem(text, at - 2, three)) return true;
      if (code < 97 && letters > 1 && text.charCodeAt(at - 1) > 96) mixed = true;
      else if (letters === 1 && plain > 0) mixed = true;
    } else {
      if (kind !== OTHER && isMarked(text, at, letters)) return true;
      if (kind === DIGIT && run > 0) mixed = true;
      letters = 0;
    }
    if (kind === OTHER) {
      run = 0;
      plain = 0;
      mixed = false;
      continue;
    }
    plain = kind === JOINER ? 0 : plain + 1;
    if (++run >= SHORT_WORD && mixed && (run >= LONG_WORD || plain >= SHORT_WORD)) return true;
  }
  return false;
}

/** `://`, an option of a command, `pw=`, `code=`, `state=` and the dashes of PEM. */
function isMarked(text: string, at: number, letters: number): boolean {
  switch (text[at]) {
    case '/':
      return text[at + 1] === '/';
    case '-':
      return at === 0 || text[at + 1] === '-' || ` '"`.includes(text[at - 1] as string);
    case '=':
      return letters > 1 && /(?:pw|code|state|pin|pat|sas)$/i.test(text.slice(Math.max(0, at - 6), at));
    default:
      return false;
  }
}
