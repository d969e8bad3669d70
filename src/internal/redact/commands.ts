import { isLineEnd, isSpace } from './characters.ts';
import { isPlaceholder, isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';
import { bareEnd, closeOf, quoteAt } from './values.ts';

/** How a program takes a secret. */
interface Takes {
  /** Options whose next word is one: `-a x`, `-P x`. */
  readonly next?: string;
  /** Options to which one is attached: `-px`. */
  readonly attached?: string;
  /** Options whose next word holds user and secret: `-u a:b`. */
  readonly pair?: string;
  /** Any word that looks random is one: `vault login x`. */
  readonly words?: boolean;
}

const PROGRAMS: ReadonlyMap<string, Takes> = new Map(
  Object.entries<Takes>({
    mysql: { attached: 'p' },
    mariadb: { attached: 'p' },
    mongo: { next: 'p', attached: 'p' },
    'ssh-keygen': { next: 'NP' },
    'redis-cli': { next: 'a' },
    'valkey-cli': { next: 'a' },
    'keydb-cli': { next: 'a' },
    'redis-benchmark': { next: 'a' },
    curl: { pair: 'uUb', next: 'EK' },
    http: { pair: 'aA' },
    https: { pair: 'aA' },
    wget: {},
    sshpass: { next: 'p', attached: 'p' },
    plink: { next: 'pw' },
    pscp: { next: 'pw' },
    docker: { next: 'p', attached: 'p' },
    podman: { next: 'p', attached: 'p' },
    helm: { next: 'p' },
    oc: { next: 'p' },
    cf: { next: 'p' },
    az: { next: 'p' },
    skopeo: { pair: '' },
    zip: { next: 'P', attached: 'P' },
    unzip: { next: 'P', attached: 'P' },
    '7z': { attached: 'p' },
    '7za': { attached: 'p' },
    rar: { attached: 'p' },
    unrar: { attached: 'p' },
    sqlcmd: { next: 'P', attached: 'P' },
    bcp: { next: 'P', attached: 'P' },
    isql: { next: 'P', attached: 'P', words: true },
    tsql: { next: 'P', attached: 'P' },
    sqlplus: { pair: '', words: true },
    cqlsh: { next: 'p' },
    ldapsearch: { next: 'w', attached: 'w' },
    ldapmodify: { next: 'w', attached: 'w' },
    ldapadd: { next: 'w', attached: 'w' },
    ldapwhoami: { next: 'w', attached: 'w' },
    ldappasswd: { next: 'wsa', attached: 'w' },
    smbclient: { pair: 'U', words: true },
    lftp: { pair: 'u' },
    ftp: { words: true },
    mosquitto_pub: { next: 'P' },
    mosquitto_sub: { next: 'P' },
    snmpwalk: { next: 'cAX' },
    snmpget: { next: 'cAX' },
    ipmitool: { next: 'P' },
    openssl: { next: 'kK', words: true },
    gpg: { words: true },
    htpasswd: { words: true },
    mysqladmin: { attached: 'p', words: true },
    vault: { words: true },
    echo: { words: true },
    printf: { words: true },
    chpasswd: { words: true },
    aws: { words: true },
    npm: { words: true },
    rabbitmqctl: { words: true },
    rabbitmqadmin: { next: 'p' },
    influx: { next: 'pt' },
    'clickhouse-client': {},
    nats: { pair: '' },
    xfreerdp: { attached: 'p', words: true },
    rdesktop: { next: 'p' },
    ansible: {},
    wsl: {},
    net: { words: true },
    kinit: { words: true },
    swaks: { next: 'ap' },
    sendemail: { next: 'xp' },
    amqp: { next: 'p' },
    mc: { words: true },
    rclone: { words: true },
    restic: {},
    keytool: {},
    svn: {},
    hg: {},
    git: { words: true },
    psql: { next: 'W', words: false },
    sudo: {},
    passwd: { words: true },
    su: {},
  }),
);

/** Words that are names of programs and of much else: only after what shows that a command is meant. */
const AMBIGUOUS =
  /^(?:http|https|az|cf|oc|net|mc|git|npm|aws|ftp|echo|isql|nats|su|hg|zip|influx|mongo|docker|vault|printf|passwd|amqp|sudo)$/;

const PROGRAM =
  /(?<![\w.@-])(?:mysql\w*|mariadb[\w-]*|mongo\w*|[a-z0-9]+-cli|redis-benchmark|clickhouse-client|ssh-keygen|[a-z0-9_]{2,14})(?![\w:=@.-])/g;

function takesOf(program: string): Takes | undefined {
  const known = PROGRAMS.get(program);
  if (known !== undefined) return known;
  if (program.startsWith('mysql') || program.startsWith('mariadb')) return PROGRAMS.get('mysql');
  return program.startsWith('mongo') ? PROGRAMS.get('mongo') : undefined;
}

/** Whether options of a command follow, or it is said to be one. */
function isCommand(text: string, program: string, index: number, end: number): boolean {
  if (!AMBIGUOUS.test(program)) return true;
  const before = text.slice(Math.max(0, index - 24), index);
  return (
    index === 0 ||
    /(?:failed: |command |exec |run |spawn |\$ |[|;&] ?|['"`\n/(] ?|running )$/i.test(before) ||
    /^ -/.test(text.slice(end, end + 2))
  );
}

/** Masks what programs take as passwords on their command lines. */
export function maskCommands(text: string, spans: Spans): void {
  PROGRAM.lastIndex = 0;
  for (let match = PROGRAM.exec(text); match !== null; match = PROGRAM.exec(text)) {
    const [program] = match;
    const takes = takesOf(program);
    const end = match.index + program.length;
    if (takes === undefined || !isCommand(text, program, match.index, end)) continue;
    PROGRAM.lastIndex = Math.max(end, maskLine(text, end, takes, spans));
  }
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
    at < text.length &&
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
  const end = Math.max(bareEnd(text, at), at + 1);
  return { start: at, end, next: end };
}

const MAX_ARGUMENTS = 60;

function maskLine(text: string, from: number, takes: Takes, spans: Spans): number {
  let at = from;
  // the quote behind a program's name in a printed list
  if (quoteAt(text, at) !== undefined) at++;
  let wanted: 'next' | 'pair' | undefined;
  for (let count = 0; count < MAX_ARGUMENTS; count++) {
    const argument = argumentAt(text, at);
    if (argument === undefined) return at;
    const word = text.slice(argument.start, Math.min(argument.end, argument.start + 400));
    if (count > 0 && takesOf(word) !== undefined && !AMBIGUOUS.test(word)) return argument.start;
    if (wanted !== undefined && !word.startsWith('-')) maskWanted(word, argument, wanted, spans);
    else if (takes.words === true && !word.startsWith('-')) maskRandom(word, argument, spans);
    wanted = wantedBy(word, argument, takes, spans);
    at = argument.next;
  }
  return at;
}

function maskWanted(word: string, { start, end }: Argument, wanted: 'next' | 'pair', spans: Spans): void {
  if (wanted === 'next') {
    if (!isPlaceholder(word)) spans.add(start, end);
    return;
  }
  const parted = /[:%,=]/.exec(word);
  if (parted !== null && end > start + parted.index + 1) spans.add(start + parted.index + 1, end);
  else if (isRandomWord(word)) spans.add(start, end);
}

function maskRandom(word: string, { start, end }: Argument, spans: Spans): void {
  if (isRandomWord(word) && !/^[./~]|:\/\/|^[\w-]+@[\w.-]+$/.test(word)) spans.add(start, end);
}

/** Masks what is attached to an option, and finds what its next word is. */
function wantedBy(
  word: string,
  { start, end }: Argument,
  takes: Takes,
  spans: Spans,
): 'next' | 'pair' | undefined {
  if (/^--(?:user|proxy-user|auth|creds|src-creds|dest-creds|cookie|basic-auth)$/.test(word)) return 'pair';
  const long = /^--(?:user|proxy-user|auth|creds|cookie)=[^:=]*[:=]/.exec(word);
  if (long !== null) spans.add(start + long[0].length, end);
  const option = /^-([A-Za-z]{1,2})(=?)/.exec(word);
  if (option === null) return undefined;
  const letter = option[1]?.[0] as string;
  if (word.length > 2 && !(option[1]?.length === 2 && takes.next === option[1])) {
    if (takes.attached?.includes(letter) === true) spans.add(start + (word[2] === '=' ? 3 : 2), end);
    else if (takes.next?.includes(letter) === true && (word[2] === '=' || isRandomWord(word.slice(2))))
      spans.add(start + (word[2] === '=' ? 3 : 2), end);
    else if (takes.pair?.includes(letter) === true) {
      const parted = /[:%,=]/.exec(word);
      if (parted !== null) spans.add(start + parted.index + 1, end);
    }
    return undefined;
  }
  if (takes.next === option[1] || takes.next?.includes(letter) === true) return 'next';
  return takes.pair?.includes(letter) === true ? 'pair' : undefined;
}
