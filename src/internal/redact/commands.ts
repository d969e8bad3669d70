import { isLineEnd, isSpace } from './characters.ts';
import { each } from './each.ts';
import { programName, type Takes, takesOf } from './programs.ts';
import { isPlaceholder, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { bareEnd, closeOf, quoteAt } from './values.ts';

/** Names of programs that are also common words: they count only where the context shows a command. */
const AMBIGUOUS =
  /^(?:http|https|az|cf|gh|oc|net|mc|git|npm|aws|ftp|echo|isql|nats|su|hg|zip|influx|mongo|docker|vault|printf|passwd|amqp|sudo)$/;

/** Whether the name of a program is used as a command: by its context, or by an option that follows. */
function isCommand(text: string, program: string, index: number, end: number): boolean {
  if (!AMBIGUOUS.test(program)) return true;
  const before = text.slice(Math.max(0, index - 24), index);
  return (
    index === 0 ||
    /(?:failed: |command |exec |run |spawn |\$ | -c |[|;&] ?|['"`\n/(] ?|running )$/i.test(before) ||
    /^ -/.test(text.slice(end, end + 2))
  );
}

/** Masks the passwords in the arguments of command lines. */
export function maskCommands(text: string, spans: Spans): void {
  each(programName(), text, ({ 0: program, index }, end) => {
    if (!isCommand(text, program, index, end)) return end;
    return maskLine(text, end, takesOf(program) as Takes, spans);
  });
}

/** One word of a command line, without the quotes and commas of a printed list. */
interface Argument {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

function argumentAt(text: string, from: number): Argument | undefined {
  let at = from;
  while (
    at - from < 16 &&
    ((isSpace(text.charCodeAt(at)) && !isLineEnd(text.charCodeAt(at))) ||
      text[at] === ',' ||
      text[at] === '[')
  )
    at++;
  if (at >= text.length || isLineEnd(text.charCodeAt(at)) || '|;&'.includes(text[at] as string))
    return undefined;
  const quote = quoteAt(text, at);
  if (quote !== undefined) {
    const end = closeOf(text, quote);
    return { start: quote.from, end, next: end + 1 };
  }
  // -p'a b'
  const attached = text[at] === '-' ? quoteAt(text, at + 2) : undefined;
  const end = attached === undefined ? Math.max(bareEnd(text, at), at + 1) : closeOf(text, attached);
  return { start: at, end, next: attached === undefined ? end : end + 1 };
}

const MAX_ARGUMENTS = 60;

function maskLine(text: string, from: number, takes: Takes, spans: Spans): number {
  let at = from;
  // the quote after the program's name in a printed list
  if (quoteAt(text, at) !== undefined) at++;
  let wanted: 'next' | 'pair' | undefined;
  for (let count = 0; count < MAX_ARGUMENTS; count++) {
    const argument = argumentAt(text, at);
    if (argument === undefined) return at;
    const word = text.slice(argument.start, Math.min(argument.end, argument.start + 400));
    if (takesOf(word) !== undefined && !AMBIGUOUS.test(word)) return argument.start;
    if (wanted !== undefined && !word.startsWith('-')) maskWanted(word, argument, wanted, takes, spans);
    else if (takes.words === true && !word.startsWith('-')) maskRandom(word, argument, spans);
    wanted = wantedBy(word, argument, takes, spans);
    at = argument.next;
  }
  return at;
}

function maskWanted(
  word: string,
  { start, end }: Argument,
  wanted: 'next' | 'pair',
  takes: Takes,
  spans: Spans,
): void {
  if (wanted === 'next') {
    if (takes.loose === true ? isRandomWord(word) : !isPlaceholder(word)) spans.add(start, end);
    return;
  }
  const parted = /[:%,=]/.exec(word);
  if (parted !== null && end > start + parted.index + 1) spans.add(start + parted.index + 1, end);
  else if (isRandomWord(word)) spans.add(start, end);
}

function maskRandom(word: string, { start, end }: Argument, spans: Spans): void {
  if (isRandomWord(word) && !/^[./~]|:\/\/|^[\w-]+@[\w.-]+$/.test(word)) spans.add(start, end);
}

/** Masks a secret attached to an option. Returns what the next word holds, if it is or contains a secret. */
function wantedBy(word: string, argument: Argument, takes: Takes, spans: Spans): 'next' | 'pair' | undefined {
  if (/^--(?:user|proxy-user|auth|creds|src-creds|dest-creds|cookie|basic-auth)$/.test(word)) return 'pair';
  const long = /^--(?:user|proxy-user|auth|creds|cookie)=[^:=]*[:=]/.exec(word);
  if (long !== null) spans.add(argument.start + long[0].length, argument.end);
  const option = /^-([A-Za-z])([A-Za-z]?)/.exec(word);
  if (option === null) return undefined;
  const [, letter, second] = option as unknown as [string, string, string];
  // plink's -pw has two letters
  if (word.length > 2 && (second === '' || takes.next !== letter + second)) {
    maskAttached(word, argument, letter, takes, spans);
    return undefined;
  }
  if (takes.next?.includes(letter) === true) return 'next';
  return takes.pair?.includes(letter) === true ? 'pair' : undefined;
}

/** Masks the secret that an option holds: `-px`, `-P=x`, `-ua:b`. */
function maskAttached(
  word: string,
  { start, end }: Argument,
  letter: string,
  { attached, next, pair }: Takes,
  spans: Spans,
): void {
  const from = /[='"]/.test(word[2] as string) ? 3 : 2;
  const value = word.slice(from);
  if (attached?.includes(letter) === true) {
    if (!isPlaceholder(value)) spans.add(start + from, end);
  } else if (next?.includes(letter) === true && (word[2] === '=' || isRandomWord(value)))
    spans.add(start + from, end);
  else if (pair?.includes(letter) === true) {
    const parted = /[:%,=]/.exec(word);
    if (parted !== null) spans.add(start + parted.index + 1, end);
  }
}
