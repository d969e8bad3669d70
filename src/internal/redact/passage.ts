import { isLineEnd } from './characters.ts';
import { type KeyKind, keyKindOf } from './key-words.ts';
import type { Spans } from './spans.ts';
import { closeOf } from './values.ts';

/** Signs of an OAuth request, or of an Azure function, in which `code` is a credential. */
const OAUTH =
  /grant_type|redirect_uri|client_secret|client_id|code_verifier|authorization_code|oauth|[?&]state=|azurewebsites\.net/i;

/** Parts of the names of columns that hold secrets. */
export const SECRET_COLUMN: RegExp = /pass|pwd|secret|token|key|auth|cred/i;

/** An SQL statement, and the names in it that may be columns that hold secrets. */
const STATEMENT = /\b(?:alter|create|insert|update|select|set|merge|call|exec)\s/i;
const COLUMNS = new RegExp(`\\b\\w{0,40}(?:${SECRET_COLUMN.source})\\w{0,40}`, 'gi');

/** Shorter runs are faster to judge again than to remember. */
const MIN_MARKED = 24;

const OPENERS = '{[(';
const CLOSERS = '}])';

/** A text that is searched, what was found in it, and facts about it that are computed once. */
export class Passage {
  readonly text: string;
  readonly spans: Spans;
  /** Up to where random words within brackets have been masked. */
  bracketsDone = 0;
  #speaksOAuth: boolean | undefined;
  #statement: KeyKind | undefined;
  #closers: Int32Array | undefined;
  #harmlessStart = 0;
  #harmlessEnd = 0;
  #lineStart = 0;
  #lineEnd = -1;

  constructor(text: string, spans: Spans) {
    this.text = text;
    this.spans = spans;
  }

  /** Remembers that nothing between `start` and `end` looks like a secret, so that no part of it is judged again. */
  markHarmless(start: number, end: number): void {
    if (end - start < MIN_MARKED) return;
    this.#harmlessStart = start;
    this.#harmlessEnd = end;
  }

  /** Whether `at` is inside the part that was remembered last. */
  isMarkedHarmless(at: number): boolean {
    return at > this.#harmlessStart && at < this.#harmlessEnd;
  }

  /** Whether the text is about an OAuth request. */
  get speaksOAuth(): boolean {
    this.#speaksOAuth ??= OAUTH.test(this.text);
    return this.#speaksOAuth;
  }

  /** What the SQL statement in the text is about: passwords, other secrets, or neither. */
  get statement(): KeyKind {
    this.#statement ??= kindOfStatement(this.text);
    return this.#statement;
  }

  /** Where the line that holds `at` ends. An escaped line break, `\n`, ends it too. */
  lineEnd(at: number): number {
    if (at < this.#lineStart || at > this.#lineEnd) {
      this.#lineStart = at;
      this.#lineEnd = endOfLine(this.text, at);
    }
    return this.#lineEnd;
  }

  /** Where the bracket that opens at `at` closes; the end of the text if it stays open. */
  closingOf(at: number): number {
    this.#closers ??= closersOf(this.text);
    return this.#closers[at] as number;
  }
}

/** What an SQL statement is about: passwords, other secrets, or neither. */
export function kindOfStatement(text: string): KeyKind {
  if (!STATEMENT.test(text)) return 'none';
  const kinds = (text.match(COLUMNS) ?? []).map(keyKindOf);
  return kinds.includes('password') ? 'password' : kinds.includes('token') ? 'token' : 'none';
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isLineEnd(code)) return at;
    if (code === 92 && (text[at + 1] === 'r' || text[at + 1] === 'n')) return at;
  }
  return text.length;
}

/** Where each opening bracket closes. Brackets in double quotes do not count. */
function closersOf(text: string): Int32Array {
  const closers = new Int32Array(text.length).fill(text.length);
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"' && text[at - 1] !== '\\') {
      const end = closeOf(text, { code: 34, slashes: 0, from: at + 1 });
      if (end < text.length) at = end;
      else return closers;
    } else if (OPENERS.includes(character)) open.push(at);
    else if (
      CLOSERS.includes(character) &&
      character === CLOSERS[OPENERS.indexOf(text[open.at(-1) ?? -1] ?? '?')]
    ) {
      closers[open.pop() as number] = at;
    }
  }
  return closers;
}
