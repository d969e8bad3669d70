import { expect, describe as suite, test } from 'vitest';
import { maskAtSigns } from '../../../src/internal/redact/at-signs.ts';
import { maskBareTokens } from '../../../src/internal/redact/bare-tokens.ts';
import { maskCommands } from '../../../src/internal/redact/commands.ts';
import { holdsCookie, holdsCredentials } from '../../../src/internal/redact/headers.ts';
import { keyKindOf } from '../../../src/internal/redact/key-words.ts';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskProtocols } from '../../../src/internal/redact/protocols.ts';
import { isRandomRun } from '../../../src/internal/redact/randomness.ts';
import {
  isHarmless,
  isPlaceholder,
  isPlainWord,
  isRandomWord,
} from '../../../src/internal/redact/remarks.ts';
import { Spans } from '../../../src/internal/redact/spans.ts';
import { isSuspicious } from '../../../src/internal/redact/suspicion.ts';
import { maskUrls } from '../../../src/internal/redact/urls.ts';
import {
  bareEnd,
  braceEnd,
  closeOf,
  isKeyAhead,
  quoteAt,
  semicolonEnd,
} from '../../../src/internal/redact/values.ts';
import { viewsOf } from '../../../src/internal/redact/views.ts';

const F = 'k3Xq9ZmB2v';

/** What one part of the search alone makes of a text. */
function by(search: (text: string, spans: Spans) => void): (text: string) => string {
  return (text) => {
    const spans = new Spans();
    search(text, spans);
    return spans.applyTo(text);
  };
}

const keyed = by((text, spans) => maskKeyed(new Passage(text, spans)));
const protocols = by((text, spans) => maskProtocols(new Passage(text, spans)));
const commands = by(maskCommands);
const urls = by(maskUrls);
const atSigns = by(maskAtSigns);
const bareTokens = by(maskBareTokens);

suite('names of keys', () => {
  test.each<[string, string]>([
    [
      'password',
      'password pgpassword DB_PASSWORD userPassword password2 PASSWORD_NEW passwd pwd db_pwd pass dbpass sslpassword requirepass passcode Passwort contraseña пароль pw passwordHash storepass',
    ],
    [
      'token',
      'secret client_secret clientSecret SECRET_KEY_BASE token accessToken refreshToken api_key apiKey x-api-key APIKEY privateKey signing_key SharedAccessKey credentials secret_id jwt myapikey webhook_secret',
    ],
    [
      'weak',
      'auth sig signature hmac salt sid sessionId session_id csrf nonce state otp community SAMLResponse ticket args key routingKey X-ClickHouse-Key code_verifier',
    ],
    ['authorization', 'authorization Authorization Proxy-Authorization X-Hub-Signature-256 Stripe-Signature'],
    ['cookie', 'cookie Cookie set-cookie Set-Cookie2'],
    ['scheme', 'Basic bearer Negotiate DPoP ntlm'],
    ['code', 'code statusCode error_code'],
    [
      'none',
      'user max_tokens token_count password_age passwordExpiresAt has_password token_type secret_name tokenFile key_id access_key_id author bypass compass passwordless primary_key cache-key password.ts keyspace authority passed monkey client_id credential_provider cookie_domain',
    ],
  ])('are of the kind %s: %s', (kind, names) => {
    expect(names.split(' ').filter((name) => keyKindOf(name) !== kind)).toEqual([]);
  });

  test('are not longer than 80 characters', () => {
    expect(keyKindOf(`${'a_'.repeat(36)}password`)).toBe('password');
    expect(keyKindOf(`${'a_'.repeat(37)}password`)).toBe('none');
  });
});

suite('quotes, brackets and bare values', () => {
  test.each<[string, string]>([
    ['"a" b', 'a'],
    ["'a''b' c", "a''b"],
    ['"" b', ''],
    ['"a\\"b" c', 'a\\"b'],
    ['"a\\\\" b', 'a\\\\'],
    ['\\"a\\" b', 'a'],
    ['\\"a\\\\\\"b\\" c', 'a\\\\\\"b'],
    ['\\"a" b', 'a'],
    ['\\\\\\"a\\\\\\" b', 'a'],
    ["'cut off", 'cut off'],
    ['`a` b', 'a'],
  ])('%s holds %s', (text, content) => {
    const quote = quoteAt(text, 0);
    expect(quote).toBeDefined();
    if (quote !== undefined) expect(text.slice(quote.from, closeOf(text, quote))).toBe(content);
  });

  test('what is no quote opens none', () => {
    expect(quoteAt('a', 0)).toBeUndefined();
    expect(quoteAt('\\a', 0)).toBeUndefined();
  });

  test.each<[string, string]>([
    ['abc def', 'abc'],
    ['abc', 'abc'],
    ['a;b c', 'a;b'],
    ['a; b', 'a'],
    ['a;b=c', 'a'],
    ['a,b c', 'a,b'],
    ['a, b', 'a'],
    ['a,b=c', 'a'],
    ['a,"b"', 'a'],
    ['a,', 'a'],
    ['a&b c', 'a&b'],
    ['a&b=c', 'a'],
    ['a&', 'a'],
    ['a) b', 'a'],
    ['a)b c', 'a)b'],
    ['(a) b', '(a)'],
    ['[a]} b', '[a]'],
    ['a} b', 'a'],
    ['a" b', 'a'],
    ['a"b c', 'a"b'],
    ["a'", 'a'],
    ['a</b>', 'a'],
    ['a<b c', 'a<b'],
    ['a\\ b c', 'a\\ b'],
    ['a\\n b', 'a'],
    ['a\\"b', 'a'],
    ['a\\', 'a'],
  ])('%j begins with the value %j', (text, value) => {
    expect(text.slice(0, bareEnd(text, 0))).toBe(value);
  });

  test('end at most this far away', () => {
    expect(bareEnd('abcdef', 0, 3)).toBe(3);
    expect(braceEnd('{abcdef', 0, 3)).toBe(3);
    expect(braceEnd('{a}}b}c', 0)).toBe(5);
    expect(braceEnd('{a', 0)).toBe(2);
  });

  test.each([
    ['a=1', true],
    [' a : 1', true],
    ['"a":1', true],
    ['a[b]=1', true],
    ['a b=1', false],
    ['=1', false],
    ['a', false],
    [`${'a'.repeat(41)}=1`, false],
  ])('a key is ahead of %j: %s', (text, isAhead) => {
    expect(isKeyAhead(text as string, 0)).toBe(isAhead);
  });

  test.each([
    ['a b;c=d', 3],
    ['a b=c;', undefined],
    ['a==;b', 3],
    ['a"b;', undefined],
    ['a\nb;', undefined],
    ['a', undefined],
    [`${'a'.repeat(200)};`, undefined],
  ])('a setting of %j ends at %s', (text, end) => {
    expect(semicolonEnd(text as string, 0)).toBe(end);
  });
});

suite('words', () => {
  test.each(['k3Xq9ZmB2v', 'q7zk2m9xvb', 'xkqwzvbnjt', 'ABXKQZWVTR', 'aBcXyZqWvK', 'a1b2c3x9'])(
    '%s looks random',
    (word) => {
      expect(isRandomRun(word)).toBe(true);
    },
  );

  test.each(
    'password refused ECONNREFUSED getUserById XMLHttpRequest users42 12345678 deadbeef42 9F02699ABC v1beta1 log4j2 sha256 oauth2 abc12 kubectl secp256k1'.split(
      ' ',
    ),
  )('%s does not', (word) => {
    expect(isRandomRun(word)).toBe(false);
  });

  test.each([`api-${F}`, `${F}.x`, `a/${F}`, `1.${F}`])('%s has a random part', (word) => {
    expect(isRandomWord(word)).toBe(true);
  });

  test.each([
    'api-7d9f8b6c5-x2x9k',
    '550e8400-e29b-41d4-a716-446655440000',
    'short',
    'db-creds',
    '10.0.0.1:5432',
  ])('%s has none', (word) => {
    expect(isRandomWord(word)).toBe(false);
  });

  test.each(['word', 'Word', "don't", 'well-known'])('%s is plain', (word) => {
    expect(isPlainWord(word)).toBe(true);
  });

  test.each(['w0rd', 'WORD', 'a_b', '', 'xkqwzvbnjt'])('%j is not', (word) => {
    expect(isPlainWord(word)).toBe(false);
  });

  test.each([
    '',
    ' ',
    '***',
    '}',
    'disabled',
    'Expired.',
    'not set',
    '(missing)',
    '12',
    '91 days',
    '2025-01-01',
    '1.5s',
    'v1.2',
    ['$', '{X}'].join(''),
    '$X',
    '<hidden>',
    '[redacted]',
    '{{ x }}',
    '%s',
    'process.env.X',
    '/run/secrets/db',
    'is too short',
    'invalid_grant',
    'null',
    'scram-sha-256',
    '12 of 100',
  ])('%j says nothing secret', (value) => {
    expect(isHarmless(value, 3)).toBe(true);
  });

  test.each([
    'hunter2',
    '1234',
    'dragon',
    `is ${F}`,
    'correct horse',
    '/k3Xq9ZmB2v',
    'a$b',
    '12 monkeys k3Xq9ZmB2v',
  ])('%j may be a secret', (value) => {
    expect(isHarmless(value, 3)).toBe(false);
  });

  test.each([
    ['***', true],
    ['xxxx', true],
    ['...', true],
    ['?', true],
    [':name', true],
    ['x', false],
    ['$', false],
  ])('%j is a placeholder: %s', (value, is) => {
    expect(isPlaceholder(value as string)).toBe(is);
  });
});

suite('headers', () => {
  test.each([`Bearer ${F}`, 'Basic YXBwOng=', 'Token abc', 'mytoken', 'Digest a="b"', 'a%3db', `x y ${F}`])(
    '%s holds credentials',
    (value) => {
      expect(holdsCredentials(value)).toBe(true);
    },
  );

  test.each([
    '',
    'Bearer',
    'Bearer ***',
    'denied',
    'denied for role app',
    'Basic auth failed',
    'Token missing',
  ])('%j holds none', (value) => {
    expect(holdsCredentials(value)).toBe(false);
  });

  test.each(['sid=x', 'theme=dark; sid=x', F, 'mytoken', 'Path=/; a=b'])('%s is a cookie', (value) => {
    expect(holdsCookie(value)).toBe(true);
  });

  test.each(['', 'disabled', 'SameSite=None', 'Path=/; Domain=x', 'a=***', 'not sent by client'])(
    '%j is none',
    (value) => {
      expect(holdsCookie(value)).toBe(false);
    },
  );
});

suite('command lines', () => {
  test.each<[string, string]>([
    ...'mysql mysqldump mysqladmin mariadb mariadb-dump 7z 7za rar unrar xfreerdp'
      .split(' ')
      .map((program): [string, string] => [`${program} -pabc x`, `${program} -p*** x`]),
    ...'sqlcmd bcp isql tsql zip unzip'.split(' ').flatMap((program): [string, string][] => [
      [`${program} -Pabc x`, `${program} -P*** x`],
      [`${program} -P abc x`, `${program} -P *** x`],
    ]),
    ...'ldapsearch ldapmodify ldapadd ldapwhoami ldappasswd'
      .split(' ')
      .flatMap((program): [string, string][] => [
        [`${program} -wabc x`, `${program} -w*** x`],
        [`${program} -w abc x`, `${program} -w *** x`],
      ]),
    ...'redis-cli valkey-cli keydb-cli redis-benchmark'
      .split(' ')
      .map((program): [string, string] => [`${program} -a abc x`, `${program} -a *** x`]),
    ...'mongo mongosh sshpass cqlsh rabbitmqadmin'
      .split(' ')
      .map((program): [string, string] => [`${program} -p abc x`, `${program} -p *** x`]),
    ...'mosquitto_pub mosquitto_sub ipmitool'
      .split(' ')
      .map((program): [string, string] => [`${program} -P abc x`, `${program} -P *** x`]),
    ...'docker podman helm oc cf az influx amqp swaks sendemail rdesktop'
      .split(' ')
      .map((program): [string, string] => [`${program} -p ${F} x`, `${program} -p *** x`]),
    ...'snmpwalk snmpget'
      .split(' ')
      .map((program): [string, string] => [`${program} -c abc h`, `${program} -c *** h`]),
    ...'plink pscp'
      .split(' ')
      .map((program): [string, string] => [`${program} -pw abc h`, `${program} -pw *** h`]),
    ...'curl lftp'
      .split(' ')
      .map((program): [string, string] => [`${program} -u a:b x`, `${program} -u a:*** x`]),
    ...'http https'
      .split(' ')
      .map((program): [string, string] => [`${program} -a a:b x`, `${program} -a a:*** x`]),
    ...'isql sqlplus smbclient ftp openssl gpg htpasswd mysqladmin vault echo printf chpasswd aws npm rabbitmqctl xfreerdp net kinit mc rclone git passwd'
      .split(' ')
      .map((program): [string, string] => [`${program} x ${F}`, `${program} x ***`]),
    ['psql -W abc', 'psql -W ***'],
    ['ssh-keygen -N abc', 'ssh-keygen -N ***'],
    ['smbclient -U app%abc', 'smbclient -U app%***'],
    ['curl --user a:b x', 'curl --user a:*** x'],
    ['curl --user=a:b x', 'curl --user=a:*** x'],
    ['curl -ua:b x', 'curl -ua:*** x'],
    ['curl -b sid=x y', 'curl -b sid=*** y'],
    [`curl -u ${F} x`, 'curl -u *** x'],
    ['curl -u a x', 'curl -u a x'],
    ["mysql -p'a b' x", "mysql -p'***' x"],
    ["[ 'redis-cli', '-a', 'abc' ]", "[ 'redis-cli', '-a', '***' ]"],
    ["redis-cli [ '-a', 'abc' ]", "redis-cli [ '-a', '***' ]"],
    ['redis-cli -a $PASS', 'redis-cli -a $PASS'],
    ['redis-cli -a -h x', 'redis-cli -a -h x'],
    ['redis-cli -h x\n-a abc', 'redis-cli -h x\n-a abc'],
    ['redis-cli -h x | grep -a abc', 'redis-cli -h x | grep -a abc'],
    ['redis-cli -h x; redis-cli -a abc', 'redis-cli -h x; redis-cli -a ***'],
    ['docker run -p 8080:80 x', 'docker run -p 8080:80 x'],
    ['git fetch origin main', 'git fetch origin main'],
    [`the net ${F}`, `the net ${F}`],
    [`Command failed: net use ${F}`, 'Command failed: net use ***'],
    [`echo ./${F}`, `echo ./${F}`],
    [`echo https://x/${F}`, `echo https://x/${F}`],
    [`my-curl -u a:b`, `my-curl -u a:b`],
  ])('%s', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });
});

suite('users and passwords before an @', () => {
  test.each<[string, string]>([
    [`app:${F}@db`, '***@db'],
    [`next=app:${F}@db`, 'next=***@db'],
    [`(app:${F}@db)`, '(***@db)'],
    [`"app:${F}@db"`, '"***@db"'],
    [`app/${F}@db`, 'app/***@db'],
    ['jdbc:oracle:thin:app/tiger@db', 'jdbc:oracle:thin:app/***@db'],
    [':abc@db', '***@db'],
    [':ab@db', ':ab@db'],
    ['app:p@ss1x@db', '***@db'],
    ['app:s3cret@db', '***@db'],
    ['app:pa$$@db', '***@db'],
    [`user:${F}@h`, '***@h'],
    ['mailto:j0hn@x', 'mailto:j0hn@x'],
    ['xmpp:al1ce@x', 'xmpp:al1ce@x'],
    ['job:daily@eu', 'job:daily@eu'],
    ['a:1@b:2', 'a:1@b:2'],
    ['lag:12ms@b', 'lag:12ms@b'],
    ['x/y:1.2@sha256:abcd', 'x/y:1.2@sha256:abcd'],
    ['git@github.com:org/repo', 'git@github.com:org/repo'],
    [`pkg/${F}@1.2`, `pkg/${F}@1.2`],
    ['actions/checkout@v4', 'actions/checkout@v4'],
    ['bob@example.com', 'bob@example.com'],
    ['@', '@'],
  ])('%s', (text, expected) => {
    expect(atSigns(text)).toBe(expected);
  });
});

suite('URLs', () => {
  test.each<[string, string]>([
    ['a://u:p@h', 'a://***@h'],
    ['a://u:p@q@h', 'a://***@h'],
    ['a://u:p/q@h', 'a://***@h'],
    ['a://u:p?q@h', 'a://***@h'],
    ['a://u:p@h/x?y=z@w', 'a://***@h/x?y=z@w'],
    ['"a://u:p q@h"', '"a://***@h"'],
    ['a://u:p q@h', 'a://***@h'],
    ["'a://u:p'@h'", "'a://u:p'@h'"],
    ['a://:p@h', 'a://***@h'],
    [`https://${F}@h`, 'https://***@h'],
    ['ssh://git@h', 'ssh://git@h'],
    ['https://h:8080/a@1.2', 'https://h:8080/a@1.2'],
    ['https://h/a@1.2', 'https://h/a@1.2'],
    ['redis://h:6379 refused @ 10', 'redis://h:6379 refused @ 10'],
    ['http://h:port/x', 'http://h:port/x'],
    [`a://u:${F} cut`, 'a://*** cut'],
    ['a://u:plain cut', 'a://u:plain cut'],
    [`https://h/hooks/1/${F}`, 'https://h/hooks/1/***'],
    [`https://h/bot/${F}?x=1`, 'https://h/bot/***?x=1'],
    [`https://h/x/${F}`, `https://h/x/${F}`],
    ['a://u:p@h, b://u:p@h', 'a://***@h, b://***@h'],
    [`https://h/x?next=u:${F}@g`, 'https://h/x?next=***@g'],
    ['://', '://'],
  ])('%s', (text, expected) => {
    expect(urls(text)).toBe(expected);
  });
});

suite('long words', () => {
  const long = `${F}W7tn4YpLs0${F}`;
  test.each<[string, string]>([
    [long, '***'],
    [`x ${long}== y`, 'x *** y'],
    [`request id: ${long}`, `request id: ${long}`],
    [`x-amz-id-2: ${long}`, `x-amz-id-2: ${long}`],
    [`sha512-${long}`, `sha512-${long}`],
    [long.slice(0, 25), long.slice(0, 25)],
    [long.toLowerCase(), long.toLowerCase()],
    ['src/components/UserProfile2/index', 'src/components/UserProfile2/index'],
  ])('%s', (text, expected) => {
    expect(bareTokens(text)).toBe(expected);
  });
});

suite('protocols', () => {
  test.each<[string, string]>([
    ["IDENTIFIED BY 'x'", "IDENTIFIED BY '***'"],
    ["identified with p as 'x'", "identified with p as '***'"],
    ["IDENTIFIED BY PASSWORD 'x'", "IDENTIFIED BY PASSWORD '***'"],
    [`IDENTIFIED BY ${F};`, 'IDENTIFIED BY ***;'],
    ["IDENTIFIED BY 'x' REPLACE 'y'", "IDENTIFIED BY '***' REPLACE '***'"],
    ['identified by "sha2" plugin', 'identified by "sha2" plugin'],
    ['identified by name', 'identified by name'],
    ["PASSWORD 'x'", "PASSWORD '***'"],
    ["PASSWORD E'x y'", "PASSWORD E'***'"],
    ["PASSWORD FOR a = 'x'", "PASSWORD FOR a = '***'"],
    ["PASSWORD = PASSWORD('x')", "PASSWORD = PASSWORD('***')"],
    ['PASSWORD $$x$$ y', 'PASSWORD $$***$$ y'],
    ['PASSWORD $a$x', 'PASSWORD $a$***'],
    [`crypt('${F}', 'x')`, "crypt('***', 'x')"],
    [`(a, password) VALUES ('x', '${F}')`, "(a, password) VALUES ('x', '***')"],
    [`(a, b) VALUES ('x', '${F}')`, `(a, b) VALUES ('x', '${F}')`],
    ['AUTH app s3cretx', 'AUTH app ***'],
    ['AUTH failed', 'AUTH failed'],
    ['AUTH PLAIN YXBw', 'AUTH PLAIN ***'],
    ['AUTH LOGIN\nYQ==', 'AUTH LOGIN\n***'],
    ['334 UGFzc3dvcmQ6\nC: YXBw', '334 UGFzc3dvcmQ6\nC: ***'],
    [
      "unknown command 'AUTH', with args beginning with: 'a' 'b'",
      "unknown command 'AUTH', with args beginning with: '***' '***'",
    ],
    [
      `unknown command 'X', with args beginning with: 'a' '${F}'`,
      "unknown command 'X', with args beginning with: 'a' '***'",
    ],
    ['\0app\0pass', '\0app\0***'],
    ['\\0app\\0pass', '\\0app\\0***'],
    ['Headers.append: "a b" is an invalid header value', 'Headers.append: "***" is an invalid header value'],
    [`login app:${F}.`, 'login app:***.'],
    [`db:5432:x:app:${F}`, 'db:5432:x:app:***'],
    ['db:5432:x:app:word', 'db:5432:x:app:word'],
    [
      `${'-'.repeat(5)}BEGIN X PRIVATE KEY${'-'.repeat(5)}a${'-'.repeat(5)}END`,
      `${'-'.repeat(5)}BEGIN X PRIVATE KEY${'-'.repeat(5)}***${'-'.repeat(5)}END`,
    ],
    [
      `${'-'.repeat(5)}BEGIN CERTIFICATE${'-'.repeat(5)}a`,
      `${'-'.repeat(5)}BEGIN CERTIFICATE${'-'.repeat(5)}a`,
    ],
  ])('%j', (text, expected) => {
    expect(protocols(text)).toBe(expected);
  });
});

suite('keys and values', () => {
  test.each<[string, string]>([
    ['password=x', 'password=***'],
    ['password == x', 'password == ***'],
    ['password := x', 'password := ***'],
    ['password -> x', 'password -> ***'],
    ['password::text', 'password::text'],
    ['password=a b', 'password=*** b'],
    ['password=a;b=c', 'password=***;b=c'],
    ['x=1;password=a b;c=d', 'x=1;password=***;c=d'],
    ['password=a b c=d', 'password=*** b c=d'],
    ['"password":"a b"', '"password":"***"'],
    ['password: rejected', 'password: rejected'],
    ['password: dragon', 'password: ***'],
    ['password: dragon is bad', 'password: dragon is bad'],
    ['password:\nhost: x', 'password:\nhost: x'],
    ['password:\n  x', 'password:\n  ***'],
    ['password: |\n  a\n  b\nc: d', 'password: |\n  ***\nc: d'],
    ['secrets:\n  - x\n  - y\nz', 'secrets:\n  - ***\nz'],
    ['password={a b}', 'password={***}'],
    ['password: [a, b] c', 'password: [***] c'],
    ['password: { value: x } c', 'password: {***} c'],
    [`auth: { user: a, x: ${F} }`, 'auth: { user: a, x: *** }'],
    ['token: 12', 'token: 12'],
    ['token: 123456', 'token: ***'],
    ['password: 123', 'password: 123'],
    ['password: 1234', 'password: ***'],
    [`auth=${F}`, 'auth=***'],
    ['auth=word', 'auth=word'],
    [`?key=${F}`, '?key=***'],
    [`key=${F}`, 'key=***'],
    [`cache key=${F}`, `cache key=${F}`],
    [`"x" key=${F}`, `"x" key=${F}`],
    [`key: ${F}`, `key: ${F}`],
    ['key=word', 'key=word'],
    [`code=${F}`, `code=${F}`],
    [`code=${F}&grant_type=x`, 'code=***&grant_type=x'],
    ['sig=0123456789abcdef', 'sig=***'],
    ['authorization: Bearer x\nhost: y', 'authorization: ***\nhost: y'],
    ["'authorization: Bearer x' y", "'authorization: ***' y"],
    ['authorization: { a: b }', 'authorization: { a: b }'],
    ['cookie: a=b', 'cookie: ***'],
    ["'cookie', 'a=b'", "'cookie', '***'"],
    ["'password', 'email'", "'password', 'email'"],
    [`{password,"${F}"}`, '{password,"***"}'],
    ['<password>x</password>', '<password>***</password>'],
    ['<password/>', '<password/>'],
    ['<password></password>', '<password></password>'],
    ['<a:password b="c"> x </a:password>', '<a:password b="c"> ***</a:password>'],
    ['<password><![CDATA[x]]></password>', '<password><![CDATA[***]]></password>'],
    ['<password> without', '<password> without'],
    ['--password x', '--password ***'],
    ['--password "x y" z', '--password "***" z'],
    ['--password is required', '--password is required'],
    ['--password -h', '--password -h'],
    ['--password $X', '--password $X'],
    ['--token needs a value', '--token needs a value'],
    ['name="password" value="x"', 'name="password" value="***"'],
    ['{"value":"x","name":"password"}', '{"value":"***","name":"password"}'],
    ['{"name":"password"},{"value":"x"}', '{"name":"password"},{"value":"x"}'],
    ['<e key="password">x</e>', '<e key="password">***</e>'],
    ['<s name="password"><value>x</value></s>', '<s name="password"><value>***</value></s>'],
    ['name="password"\r\n\r\nx\r\n--', 'name="password"\r\n\r\n***\r\n--'],
    [`the password is ${F}.`, 'the password is ***.'],
    [`password for user app is ${F}`, 'password for user app is ***'],
    [`token for request ${F}`, `token for request ${F}`],
    [`password (${F})`, 'password (***)'],
    ['password "x"', 'password "***"'],
    ['token "x"', 'token "x"'],
    [`token "${F}"`, 'token "***"'],
    [`password ${F} ${F} x`, 'password *** x'],
    [`password was ${F}, expected ${F}`, 'password was ***, expected ***'],
    [`${F} is not a valid token`, '*** is not a valid token'],
    [`'${F}' is an invalid token`, "'***' is an invalid token"],
    [`with ${F} as password`, 'with *** as password'],
    [`session id ${F}`, 'session id ***'],
    [`session by ${F}`, `session by ${F}`],
    ['Basic YXBwOng=', 'Basic ***'],
    ['Basic health', 'Basic health'],
    [`API key ${F}`, 'API key ***'],
    [`map key ${F}`, 'map key ***'],
    [`arn:aws:x:secret:${F}`, `arn:aws:x:secret:${F}`],
    ['password\0x', 'password\0***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });
});

suite('views of a text', () => {
  test.each<[string, string]>([
    ['a', 'a'],
    ['a\u200bb', 'ab'],
    ['ａ＝', 'a='],
    ['\u001b[31ma\u001b[0m', 'a'],
    ['a\0b', 'ab'],
    ['%3a%20', ':%20'],
    ['%253A', ':'],
    ['&quot;&#39;&#x3D;&amp;', '"\'=&'],
    ['\\u0022\\x3d', '"='],
  ])('%j can be read as %j', (text, read) => {
    expect(viewsOf(text).map((view) => view.text)).toContain(read);
  });

  test('places lead back to the original', () => {
    const view = viewsOf('a\u200bb%3dc').at(-1);
    expect(view?.text).toBe('ab=c');
    expect([...(view?.places ?? [])]).toEqual([0, 2, 3, 6, 7]);
  });
});

suite('the first look', () => {
  test.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'pool has 10 of 10 in use',
    'took 812 ms',
    'exit 137',
    'a/b',
    'a=b',
  ])('%s is not suspicious', (text) => {
    expect(isSuspicious(text)).toBe(false);
  });

  test.each([
    'a@b',
    'a\\b',
    '%',
    '$',
    'a|b',
    '{',
    'é',
    '\0',
    'a://b',
    '-a',
    'x -a',
    '--',
    'pw=',
    'code=',
    'state=',
    'my password',
    'TOKEN',
    'abcd1efgh',
    'ABcdEfgh',
    'a-b_c1-d_e-f_g-h',
  ])('%j is', (text) => {
    expect(isSuspicious(text)).toBe(true);
  });
});
