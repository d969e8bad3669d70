import { remembered } from '../remembered.ts';
import { isDigit, isLower, isUpper } from './characters.ts';
import { words } from './words.ts';

/** What the name of a key implies about its value. */
export type KeyKind =
  | 'none'
  /** Passwords: every value except an obvious remark; short numbers too. */
  | 'password'
  /** Keys, tokens and secrets: every value except an obvious remark or a number. */
  | 'token'
  /** Words with other uses, such as `auth`, `state`, `sig`: values that look random. */
  | 'weak'
  /** `Authorization`: a scheme and credentials, to the end of the line. */
  | 'authorization'
  /** `Cookie`: pairs, to the end of the line. */
  | 'cookie'
  /** `Basic`, `Bearer`: a credential or a sentence follows. */
  | 'scheme'
  /** `code`: a credential in an OAuth request, otherwise a number or a word. */
  | 'code';

const PASSWORDS = words(
  'password passwords passwd passphrase passcode passwort kennwort pwd pswd psw pw pass pword passw passkey ' +
    'contraseña contrasena contrasenya clave senha parola wachtwoord lösenord losenord passord adgangskode kodeord ' +
    'hasło haslo heslo jelszó jelszo şifre sifre salasana geslo lozinka zaporka motdepasse mdp пароль密码 пароль ' +
    'пароля паролем 密码 密碼 口令 パスワード 비밀번호 암호 parool slaptažodis кодоваяфраза geheimnis mima',
);

/** Ends of words written as one, as in `pgpassword`, `requirepass`, `dbpwd`. */
const PASSWORD_ENDS = [
  ...['password', 'passwd', 'passphrase', 'passcode', 'passwort', 'kennwort', 'pwd', 'pswd'],
  // Japanese, Chinese, Korean
  ...['パスワード', '密码', '密碼', '口令', '비밀번호', '암호'],
];

/** Starts of words written as one, as in `passwordhash`. */
const JOINED =
  /^(?:db|root|user|my|pg|ssl|require|store|key|auth|bind|admin|ldap|smtp|mail|redis|mysql|login|http|proxy|ftp|trust|truststore|keystore|new|old|ca|cert|client|server|su|sudo|rpc|repl|master|slave|account|acct|u|username)pass$/;

const TOKENS = words(
  'secret secrets secrète secreto secreta zugangsdaten token tokens credential credentials cred creds apikey apitoken authtoken accesstoken accesskey ' +
    'secretkey privatekey masterkey signingkey encryptionkey sharedkey sharedaccesskey accountkey clientsecret ' +
    'appkey authkey requirepass masterauth bindpw rootpw jeton ficha schlüssel mnemonic jaas webhooksecret ' +
    'subscriptionkey sharedaccesssignature privkey passkey licensekey jwt authorizationtoken psk',
);

const TOKEN_ENDS = [
  'secret',
  'token',
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'credential',
  'credentials',
];

const WEAK = words(
  'auth oauth authentication signature sig hmac salt sid jsessionid phpsessid sessid sess session sessionid asessionid aspsessionid ' +
    'csrf xsrf csrftoken xsrftoken nonce state otp totp mfa pin cvv cvc community assertion samlresponse samlrequest verifier ' +
    'ticket tgt seed dsn bearer basic webhook unlock activation invite recovery challenge proof pepper ' +
    'cookies ssn iban pfx apisecretkey authcookie rememberme remember magic pat sas args sharedaccess',
);

const SCHEMES = words(
  'basic bearer negotiate ntlm digest genie geniekey splunk ssws sharedkey sharedkeylite dpop hawk',
);

/** Words before `key` that make it a secret; every table and cache has other keys. */
const KEY_OWNERS = words(
  'api apis access secret private signing sign signature master account shared encryption encrypt decryption decrypt ' +
    'subscription license licence functions function auth authentication authorization session client service host ' +
    'storage ssh ssl tls write ingest ingestion integration admin webhook deploy app application hmac aes rsa ' +
    'jwt jws jwe cookie token root rest wrapping data crypto cipher security instrumentation publishable restricted ' +
    'consumer developer dev stripe openai anthropic google maps aws azure twilio sendgrid mailgun datadog dd github ' +
    'gitlab server project team rails secretkey vault unseal recovery fernet flask django age gpg pgp pre psk preshared wpa ' +
    'wep network firebase algolia search sentry pagerduty routingintegration live test prod x auth0 okta device ' +
    'symmetric hash pem des',
);

/** Words before `keys` that make them secrets: `apiKeys: { primary, secondary }`. */
const OWNERS_OF_KEYS = words('api access secret private signing encryption');

/** Words before `key` that make it the name of a thing: `X-Cache-Key`. After others a value that looks random is a secret. */
const HARMLESS_KEYS = words(
  'public cache idempotency request partition surrogate sort dedup deduplication primary foreign unique duplicate composite object row record ' +
    'message document entity item group lock map hash index shard blob file',
);

/** Last words of a key that holds a fact about a secret, not the secret: `token_count`. */
const ABOUT = words(
  'count counts age days ttl expires expiry expired expire expiration expirations at on until since provider providers name names ' +
    'type types length len size limit limits max min maximum minimum policy policies version versions file files path paths ' +
    'filename url urls uri uris endpoint endpoints host hosts hostname port ports method methods mode modes status statuses error errors ' +
    'message messages reason field fields required require enabled disabled enable disable manager store stores bucket buckets service services ' +
    'server servers rotation rotated interval attempts attempt retries retry failures failure usage used remaining left per rate rates budget window ' +
    'domain issuer iss scope scopes ref refs reference source sources total totals num number index format algorithm alg algo strength ' +
    'reset resets check checks checker validation validator validity valid invalid hint hints cost costs kind class level levels user users username ' +
    'usernames id ids time times timestamp date dates seconds ms minutes hours duration timeout timeouts cache cached lifetime audience aud realm ' +
    'protocol protocols plugin module modules handler controller middleware strategy grant flow flows server client request requests response responses ' +
    'list lists input inputs form label placeholder prompt page tab screen view link button column table schema model entity dir directory ' +
    'folder location region zone namespace ns group groups role roles owner owners operator sync refresh refreshed created updated changed ' +
    'rotated issued missing present exists found set unset ok success successes hits misses matches match mismatch history entropy ' +
    'chars characters bits bytes rounds iterations iteration encoding parser guard helper util utils test tests spec js ts mjs cjs jsx tsx py ' +
    'go rb java php rs cs json yaml yml toml conf cfg ini xml md txt html css log logs exe dll so lock arn samesite httponly secure ' +
    'ui flag flags feature rollout supported allowed accepted granted denied',
);

/** Whether a key holds a fact about a secret. */
export function isFactKey(name: string): boolean {
  if (name.length > MAX_NAME_LENGTH) return false;
  return ABOUT.has(name.toLowerCase()) || ABOUT.has(partsOf(name).at(-1) ?? '');
}

/** First words of a key that holds a count or a condition: `max_tokens`, `has_password`. */
const QUANTITIES = words(
  'max min num number total count n avg average sum has have had is are was no not use uses used using with without require requires required ' +
    'missing enable enabled disable disabled allow allowed allows supports support needs need want wants can should must input output ' +
    'completion prompt cached reasoning remaining',
);

/** Last words that change nothing: `password_new`, `DB_PASSWORD_2`, `secret_value`. */
const NEUTRAL = words(
  'value values data string str plain plaintext cleartext clear text raw new old current previous prev prod production dev staging stage base hash hashed env ' +
    'confirmation confirm confirmed again repeat repeated primary secondary backup main default header headers here b64 base64 encoded enc encrypted hex a b c eu us v',
);

/** Whether a word of a name stands for a password, alone or joined with other words. */
function isPasswordWord(part: string): boolean {
  return (
    PASSWORDS.has(part) ||
    PASSWORD_ENDS.some((end) => part.endsWith(end)) ||
    JOINED.test(part) ||
    (part.startsWith('password') && part !== 'passwordless')
  );
}

function isTokenWord(part: string): boolean {
  return TOKENS.has(part) || TOKEN_ENDS.some((end) => part.endsWith(end));
}

/** The words of a name in lower case: `X-Api-Key`, `apiKey` and `API_KEY` give `api`, `key`. */
function partsOf(name: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at <= name.length; at++) {
    const code = name.charCodeAt(at);
    const isEnd = at === name.length || code === 95 || code === 45 || code === 46 || code === 36;
    if (isEnd || beginsWord(name, at)) {
      if (at > start) parts.push(name.slice(start, at).toLowerCase());
      start = isEnd ? at + 1 : at;
    }
  }
  return parts;
}

function beginsWord(name: string, at: number): boolean {
  if (!isUpper(name.charCodeAt(at))) return false;
  const before = name.charCodeAt(at - 1);
  return isLower(before) || isDigit(before) || (isUpper(before) && isLower(name.charCodeAt(at + 1)));
}

function withoutNeutral(parts: string[]): string[] {
  let end = parts.length;
  while (end > 1 && (NEUTRAL.has(parts[end - 1] as string) || /^\d+$/.test(parts[end - 1] as string))) end--;
  const kept = parts.slice(0, end);
  // password2
  const last = kept.pop()?.replace(/\d+$/, '') ?? '';
  return [...kept, last];
}

/** How many characters the name of a key has at most. */
export const MAX_NAME_LENGTH = 80;

/** Files that are often named after what they hold: `passwords.csv.gpg`. */
const FILE = /\.(?:gpg|asc|gz|tgz|zip|tar|bak|tmp)$/i;

/** What the name of a key, a header or an option implies about its value. */
export function keyKindOf(name: string): KeyKind {
  return name.length > MAX_NAME_LENGTH || FILE.test(name) ? 'none' : kindOfName(name);
}

const kindOfName: (name: string) => KeyKind = remembered((name) =>
  SCHEMES.has(name.toLowerCase()) ? 'scheme' : classify(withoutNeutral(partsOf(name))),
);

function classify(parts: readonly string[]): KeyKind {
  const last = parts.at(-1) as string;
  if (last === 'id' || last === 'ids') return kindOfId(parts);
  if (last === 'authorization') return 'authorization';
  // Stripe's has several parts: t=1,v1=…
  if (last === 'signature' && parts.length > 1) return 'authorization';
  if (last === 'cookie' || last === 'cookie2') return 'cookie';
  if (last === 'code' || last === 'codes') return kindOfCode(parts);
  if (parts[0] === 'saml' && (last === 'response' || last === 'request')) return 'weak';
  if (ABOUT.has(last)) return 'none';
  if (QUANTITIES.has(parts[0] as string)) return 'none';
  return kindOfParts(parts);
}

function kindOfCode(parts: readonly string[]): KeyKind {
  if (CODE_OWNERS.has(parts.at(-2) ?? '')) return 'weak';
  return parts.at(-1) === 'code' ? 'code' : 'none';
}

/** Ids are shown, except those that open a session or are half of a credential. */
function kindOfId(parts: readonly string[]): KeyKind {
  const owner = parts.at(-2);
  if (owner === 'secret') return 'token';
  return owner === 'session' || owner === 'sess' || owner === 'token' ? 'weak' : 'none';
}

function kindOfParts(parts: readonly string[]): KeyKind {
  let kind: KeyKind = 'none';
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as string;
    // mot_de_passe
    if (isPasswordWord(part) || (part === 'passe' && at > 0)) return 'password';
    if (isTokenWord(part) || isOwnedKey(part, parts[at - 1])) kind = 'token';
    else if (kind === 'none' && isWeakWord(part, parts[at - 1])) kind = 'weak';
  }
  return kind;
}

function isWeakWord(part: string, owner: string | undefined): boolean {
  return part === 'key' ? !HARMLESS_KEYS.has(owner ?? '') : WEAK.has(part);
}

function isOwnedKey(part: string, owner: string | undefined): boolean {
  return part === 'key' ? KEY_OWNERS.has(owner ?? '') : part === 'keys' && OWNERS_OF_KEYS.has(owner ?? '');
}

/** Words before `code` that make it a credential: `one-time code`. */
const CODE_OWNERS = words(
  'one-time verification security recovery backup access login mfa 2fa sms otp authentication authorization device',
);

/** The kind of a word with its owner: `API key`, `mot de passe`, `one-time code`; undefined if the owner changes nothing. */
export function ownedKind(word: string, owner: () => string): KeyKind | undefined {
  switch (word.toLowerCase()) {
    case 'key':
      return KEY_OWNERS.has(owner()) ? 'token' : undefined;
    case 'passe':
      return owner() === 'de' ? 'password' : undefined;
    case 'code':
    case 'codes':
      return CODE_OWNERS.has(owner()) ? 'weak' : undefined;
    default:
      return undefined;
  }
}
