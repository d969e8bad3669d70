import { expect, describe as suite, test } from 'vitest';
import { maskKeyed } from '../../../src/internal/redact/keyed.ts';
import { Passage } from '../../../src/internal/redact/passage.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const keyed = maskedBy((text, spans) => maskKeyed(new Passage(text, spans)));

suite('keys and values', () => {
  test.each<[string, string]>([
    [`'${F}' is not a valid 'token'`, "'***' is not a valid 'token'"],
    [`${F} is not a valid API token`, '*** is not a valid API token'],
    ["password = Secret.of('x y')", "password = Secret.of('***')"],
    [`<auth>x ${F}</auth>`, '<auth>***</auth>'],
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
    [`{password,<<"${F}">>}`, '{password,<<"***">>}'],
    [`#{password => <<"${F}">>}`, '#{password => <<"***">>}'],
    ['{"path":"/login/password","method":"POST"}', '{"path":"/login/password","method":"POST"}'],
    ['path="/login/password",method="POST"', 'path="/login/password",method="POST"'],
    [
      'under \'db.password\' to String:\n    Value: "x"',
      'under \'db.password\' to String:\n    Value: "***"',
    ],
    [
      '{"headerName":"X-Vault-Token","headerValue":"x"}',
      '{"headerName":"X-Vault-Token","headerValue":"***"}',
    ],
    ['/r?sig=omporrl3k4~_&a=b', '/r?sig=***&a=b'],
    ['sig=omporrl3k4~_', 'sig=omporrl3k4~_'],
    ['/r?state=v2beta1-2024', '/r?state=v2beta1-2024'],
    [`https://a.azurewebsites.net/x?code=${F}`, 'https://a.azurewebsites.net/x?code=***'],
    ['"jsonwebtoken": "^9.0.2"', '"jsonwebtoken": "^9.0.2"'],
    ["credentials: 'same-origin'", "credentials: 'same-origin'"],
    ['password: Path `password` is required', 'password: Path `password` is required'],
    ['passwords.csv.gpg -> b', 'passwords.csv.gpg -> b'],
    ['password "reset".\nNew value: x', 'password "reset".\nNew value: ***'],
    ['s:8:"password";s:5:"x y z";}', 's:8:"password";s:5:"***";}'],
    ['password for the installation:\n\nabc12\n\nmore', 'password for the installation:\n\n***\n\nmore'],
    ['password for the installation:\n\nabc 12', 'password for the installation:\n\nabc 12'],
    ['password = "a" -> "b"', 'password = "***" -> "***"'],
    [`secret 0 ${F}`, 'secret 0 ***'],
    [`password is generated for root@localhost: ${F}`, 'password is generated for root@localhost: ***'],
    [`${F} is not a valid session`, '*** is not a valid session'],
    ['cannot load "/etc/tls/tls.key": BIO_new() failed', 'cannot load "/etc/tls/tls.key": BIO_new() failed'],
    ['password_gpg=x', 'password_gpg=***'],
    ['password_tmp=x', 'password_tmp=***'],
    ['app/db.password=x', 'app/db.password=***'],
    ['{"app/db.password": "x"}', '{"app/db.password": "***"}'],
    ['app/db.password: x1', 'app/db.password: ***'],
    ['http://password:8080/x', 'http://password:8080/x'],
    ['{"name":"code","value":"E_DENIED"}', '{"name":"code","value":"E_DENIED"}'],
    ['Authorization: Bearer YOUR_KEY).', 'Authorization: Bearer YOUR_KEY).'],
    ['token: Put "http://x"', 'token: Put "http://x"'],
    [`mot de passe « ${F} » refusé`, 'mot de passe « *** » refusé'],
    [`のパスワード「${F}」が正しく`, 'のパスワード「***」が正しく'],
    ['password “a” refused', 'password “a” refused'],
    [`recovery codes: ["${F}"]`, 'recovery codes: ["***"]'],
    ["password: process.env['X']", "password: process.env['X']"],
    ['password: C:\\secrets\\db.txt', 'password: C:\\secrets\\db.txt'],
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

suite('names of keys in a text', () => {
  test.each<[string, string]>([
    ['token_=b', 'token_=***'],
    ['-token=b', '-token=***'],
    ['token=b', 'token=***'],
    ['API key: dragon', 'API key: ***'],
    [`${'a'.repeat(70)}_token=b`, `${'a'.repeat(70)}_token=***`],
    ['token:a token:b', 'token:*** token:***'],
    ['tokens of password=b', 'tokens of password=***'],
    ['passwordtoken=b', 'passwordtoken=***'],
    ['password password=b', 'password password=***'],
    ['password\bx', 'password\b***'],
    ['password\u0007 x', 'password\u0007 ***'],
    ['token\u0000token\u0000b', 'token\u0000token\u0000***'],
    ['пароль=b', 'пароль=***'],
    ['a é password=b', 'a é password=***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['password\tx'])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('separators', () => {
  test.each<[string, string]>([
    ['token = b', 'token = ***'],
    ['token: b', 'token: ***'],
    ['token => b', 'token => ***'],
    ['token := b', 'token := ***'],
    ['token -> b', 'token -> ***'],
    ['token == b', 'token == ***'],
    ['token:=b', 'token:=***'],
    ['token->b', 'token->***'],
    ['"token": b', '"token": ***'],
    ["'token' => b", "'token' => ***"],
    ['["token"]=b', '["token"]=***'],
    ['\\"token\\": b', '\\"token\\": ***'],
    ['[token]: b', '[token]: ***'],
    ['token]]]]]]]]]]]]]]]]=b', 'token]]]]]]]]]]]]]]]]=***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['token::b', 'token - b', 'token -- b', 'token > b', 'token ~ b', 'token=:b'])(
    '%j stays',
    (text) => {
      expect(keyed(text)).toBe(text);
    },
  );
});

suite('numbers behind a key', () => {
  test.each<[string, string]>([
    ['Unseal Key 1: dragon', 'Unseal Key 1: ***'],
    ['Unseal Key 12: dragon', 'Unseal Key 12: ***'],
    ['Unseal Key: dragon', 'Unseal Key: ***'],
    [`pin 12:${F}`, 'pin 12:***'],
    ['token 1:b', 'token 1:***'],
    ['token1:b', 'token1:***'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(['Unseal Key 123: dragon', 'Unseal Key 1= dragon', 'Unseal Key x: dragon'])(
    '%j stays',
    (text) => {
      expect(keyed(text)).toBe(text);
    },
  );
});

suite('parts of resource names', () => {
  test.each<[string, string]>([
    ['rn: x:token=b', 'rn: x:token=***'],
    ['arn:aws:x :token=b', 'arn:aws:x :token=***'],
    [`arn:${'a'.repeat(80)}:token=b`, `arn:${'a'.repeat(80)}:token=***`],
    ['//token:b', '//token:***'],
    ['<a:token>b</a:token>', '<a:token>***</a:token>'],
    ['<a-b:token>b</a-b:token>', '<a-b:token>***</a-b:token>'],
    ['<a:b:token="x"', '<a:b:token="***"'],
    ['<token>b</token>', '<token>***</token>'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    `arn:aws:x:secret:${F}`,
    'urn:x:token=b',
    'a rn:token=b',
    'http://tokens:8080',
    'http://token:8080/x',
    'x/token:80',
    'a:token>b',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('keys in quotes', () => {
  test.each<[string, string]>([
    [`"token" ${F}`, '"token" ***'],
    [`"auth" ${F}`, '"auth" ***'],
    [`"key" ${F}`, '"key" ***'],
    ['"db_password" { default = "b" }', '"db_password" {***}'],
    ['"db_password"{ default = "b" }', '"db_password"{***}'],
    [`"auth" { x = ${F} }`, '"auth" { x = *** }'],
    ['"password\' to x:\n    Value: "b"', '"password\' to x:\n    Value: "***"'],
    ['"password" x\nValue: "b"', '"password" x\nValue: "***"'],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each([
    `"code" ${F}`,
    `code ${F}`,
    `code "${F}"`,
    `"key">${F}`,
    'db_password { default = "b" }',
    '\'password", b',
  ])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});

suite('lists of names and values', () => {
  test.each<[string, string]>([
    [`'token', '${F}'`, "'token', '***'"],
    [`token,"${F}"`, 'token,"***"'],
    [`{token,<<"${F}">>}`, '{token,<<"***">>}'],
    [`(token . "${F}")`, '(token . "***")'],
    [`bearer, ${F}`, 'bearer, ***'],
    [`Basic, ${F}`, 'Basic, ***'],
    ["'Cookie', 'a=b'", "'Cookie', '***'"],
  ])('%j', (text, expected) => {
    expect(keyed(text)).toBe(expected);
  });

  test.each(["'token', 'email'"])('%j stays', (text) => {
    expect(keyed(text)).toBe(text);
  });
});
