import { lazy } from '../lazy.ts';
import { isLetter } from './characters.ts';

/** Parts of the names of secrets, of three letters or more, that are rare in other text. */
const NAMES =
  'pass pword psw pswd secret token cred auth key cookie sess sid sig salt hmac csrf xsrf nonce otp mfa cvv cvc ' +
  'communi assertion saml verifier ticket tgt seed dsn bearer basic jwt jaas negotiate ntlm digest genie splunk ssws dpop hawk ' +
  'mnemonic pepper magic remember invit recovery challenge proof kennwort contrase clave senha parol wachtwoord ' +
  'losenord adgangskode kodeord haslo heslo jelsz sifre salasana geslo lozinka zaporka mdp geheimnis jeton ficha slapta ' +
  'psk zugangsdaten args webhook unlock activation pwd bindpw rootpw';

/** Parts of the names of secrets that are common in other text. */
const COMMON = 'code state pin pat sas';

/** Beginnings of tokens, commands and protocols. */
const OTHERS =
  'beginning identified eyj glpat xox ghp gho ghu ghs ghr pgp crypt rabbitmq values param bind header login logon ftp echo vault sqlplus smbclient';

/** Stems by the number of their first three letters. */
type Table = readonly (readonly string[] | undefined)[];

function tableOf(stems: string): Table {
  const table: string[][] = new Array(26 ** 3);
  for (const stem of stems.split(' ')) {
    const index = [0, 1, 2].reduce((sum, at) => sum * 26 + stem.charCodeAt(at) - 97, 0);
    table[index] = [...(table[index] ?? []), stem];
  }
  return table;
}

const TELLING: () => Table = lazy(() => tableOf(`${NAMES} ${OTHERS}`));
const IN_KEYS: () => Table = lazy(() => tableOf(`${NAMES} ${COMMON}`));

/** The number of three letters in a row, from the number of the three that end one letter earlier. */
export function threeWith(three: number, code: number): number {
  return (three % 676) * 26 + ((code | 32) - 97);
}

function has(table: Table, text: string, at: number, three: number): boolean {
  const stems = table[three];
  if (stems === undefined) return false;
  for (const stem of stems) if (begins(text, at, stem)) return true;
  return false;
}

/** Whether a stem, whose first three letters are known to match, begins at `at`, in capitals or not. */
function begins(text: string, at: number, stem: string): boolean {
  for (let next = 3; next < stem.length; next++)
    if ((text.charCodeAt(at + next) | 32) !== stem.charCodeAt(next)) return false;
  return true;
}

/** Whether a word at `at`, which begins with these three letters, makes a text suspicious. */
export function isSuspiciousStem(text: string, at: number, three: number): boolean {
  return has(TELLING(), text, at, three);
}

/** The position of the next stem of a key; -1 if there is none. */
export function nextStem(text: string, from: number): number {
  const table = IN_KEYS();
  let three = 0;
  let letters = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // words of other scripts are few, so each is looked at
    if (code > 160) return at;
    if (!isLetter(code)) {
      letters = 0;
      continue;
    }
    three = threeWith(three, code);
    if (++letters > 1 && three % 676 === PW) return at - 1;
    if (letters > 2 && has(table, text, at - 2, three)) return at - 2;
  }
  return -1;
}

/** `pw`, as {@link threeWith} numbers its two letters. */
const PW = 15 * 26 + 22;
