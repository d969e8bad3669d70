/**
 * Beginnings of the names of keys, of commands and of what protocols say: a text that has none of these, no mark
 * and no long word holds no credential that the search would find. Three letters and more.
 */
const STEMS: readonly string[] = (
  'pass pword psw pswd secret token cred auth apikey key cookie sess sid sig salt hmac csrf xsrf nonce otp mfa cvv cvc ' +
  'communi assertion saml verifier ticket tgt seed dsn bearer basic jwt jaas negotiate ntlm digest genie splunk ssws dpop hawk ' +
  'connectionstring mnemonic pepper magic remember invit recovery challenge proof kennwort contrase clave senha parol wachtwoord ' +
  'losenord adgangskode kodeord haslo heslo jelsz sifre salasana geslo lozinka zaporka mdp geheimnis jeton ficha beginning identified ' +
  'psk eyj glpat xox ghp gho ghu ghs ghr pgp crypt rabbitmq values zugangsdaten args header login logon ftp echo vault sqlplus smbclient webhook unlock activation pwd bindpw rootpw'
).split(' ');

/** For three letters in a row, the stems that begin with them; what is not there has none. */
const BY_START: readonly (readonly string[] | undefined)[] = (() => {
  const table: string[][] = new Array(26 ** 3);
  for (const stem of STEMS) {
    const index = [0, 1, 2].reduce((sum, at) => sum * 26 + stem.charCodeAt(at) - 97, 0);
    const stems = table[index];
    if (stems === undefined) table[index] = [stem];
    else stems.push(stem);
  }
  return table;
})();

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

/** Letters and digits of this length may be a token, and so may longer words with other characters in them. */
const SHORT_WORD = 8;
const LONG_WORD = 16;

/** Whether a text may hold a credential: the cheap look that spares most texts the search. */
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
      three = ((three % 676) * 26 + ((code | 32) - 97)) | 0;
      if (++letters > 2 && hasStem(text, at - 2, three)) return true;
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

function hasStem(text: string, at: number, three: number): boolean {
  const stems = BY_START[three];
  if (stems === undefined) return false;
  return stems.some((stem) => text.slice(at, at + stem.length).toLowerCase() === stem);
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
