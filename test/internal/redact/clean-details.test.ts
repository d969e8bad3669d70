import { expect, describe as suite, test } from 'vitest';
import { cleanDetails } from '../../../src/internal/redact/clean-details.ts';

const SECRET = 'k3Xq9ZmB2v';

suite('secrets in details', () => {
  test.each<[string, Record<string, unknown>]>([
    ['under a key', { password: SECRET }],
    ['under a key with a number', { password: 12_345_678 }],
    ['under a key with a list', { passwords: [SECRET] }],
    ['under a key with an object', { credentials: { user: 'app', value: SECRET } }],
    ['under keys of headers', { headers: { authorization: `Bearer ${SECRET}`, cookie: `sid=${SECRET}` } }],
    ['under a key of weaker meaning', { auth: SECRET }],
    ['in pairs of name and value', { list: [{ name: 'password', value: SECRET }] }],
    ['in pairs of key and value', { list: [{ key: 'API_KEY', value: SECRET }] }],
    ['in pairs with capitals', { env: [{ Name: 'API_TOKEN', Value: SECRET }] }],
    ['in pairs named by a path', { Parameter: { Name: '/prod/db/password', Value: SECRET } }],
    ['in a JSON Web Key', { keys: [{ kid: 'a', kty: 'oct', k: SECRET }] }],
    ['under the key of several keys', { apiKeys: { primary: SECRET, secondary: SECRET } }],
    ['under a key of certificates', { pfx: SECRET }],
    ['in pairs the other way round', { list: [{ value: SECRET, header: 'X-Api-Key' }] }],
    ['in a list of two', { header: ['Authorization', `Bearer ${SECRET}`] }],
    ['in a list of lists', { headers: [['x-api-key', SECRET]] }],
    ['in an object behind its name', { list: ['token', { value: SECRET }] }],
    [
      'in a flat list of headers',
      { rawHeaders: ['Host', 'x', 'Authorization', `Basic ${SECRET}`, 'Accept', '*/*'] },
    ],
    ['in a flat list with a cookie', { rawHeaders: ['Set-Cookie', `sid=${SECRET}; Path=/`, 'Host', 'x'] }],
    ['in settings', { env: [`DB_PASSWORD=${SECRET}`, 'PORT=1'] }],
    ['in text', { url: `postgres://app:${SECRET}@db` }],
    ['in the arguments of a command', { command: { name: 'auth', args: ['app', SECRET] } }],
    ['in the words of a command', { argv: ['redis-cli', '-h', 'x', '-a', SECRET, 'PING'] }],
    ['in a word of a command', { spawnargs: ['mysql', '-u', 'root', `-p${SECRET}`] }],
    ['in words without the name of the command', { spawnargs: ['-a', SECRET], path: 'redis-cli' }],
    ['in an option', { argv: ['app', '--token', SECRET] }],
    [
      'below a key of weaker meaning',
      { auth: ['app', SECRET], cookies: { theme: SECRET }, session: { id: SECRET } },
    ],
    ['in an error', { error: new Error(`password=${SECRET}`) }],
    ['in the parameters of a statement', { query: 'UPDATE u SET password = $1', parameters: ['x', SECRET] }],
    ['in pairs with prefixes', { list: [{ ParameterKey: 'DBPassword', ParameterValue: SECRET }] }],
    ['in a command without options', { argv: ['vault', 'login', SECRET] }],
    ['in a single word of a command', { argv: [`-p${SECRET}`] }],
    ['after an option of two letters', { argv: ['-pw', SECRET] }],
    ['under a key of facts', { secrets: { server: SECRET } }],
    ['in a key', { [`postgres://app:${SECRET}@db`]: 1 }],
  ])('%s', (_where, details) => {
    expect(JSON.stringify(cleanDetails(details))).not.toContain(SECRET);
  });

  test.each<[string, Record<string, unknown>]>([
    ['numbers of tokens', { max_tokens: 1024, tokens_used: 12 }],
    ['counts of tokens', { tokens: { used: 12, limit: 100 }, token: 12 }],
    ['commands without secrets', { argv: ['psql', '-h', 'db', '-c', 'select 1'] }],
    ['what is not there', { password: null, token: undefined, passwordSet: true }],
    ['ages', { passwordAgeDays: 31, credential_provider: 'iam' }],
    ['names of fields', { required: ['password', 'email', 'token'] }],
    ['a name without a value', { name: 'password', required: true }],
    ['codes', { code: 'ECONNREFUSED', errno: -111 }],
    ['ids', { requestId: '550e8400-e29b-41d4-a716-446655440000', key: 'users:42' }],
    ['headers without secrets', { rawHeaders: ['Host', 'x', 'Accept', '*/*'] }],
    ['paths', { paths: ['/tmp', '/var/tmp', '/var/lib'] }],
    ['placeholders', { password: '***' }],
    ['parameters of other statements', { query: 'SELECT a FROM b WHERE c = $1', parameters: ['x'] }],
    ['results of tests', { pass: 12, fail: 1 }],
    ['references to secrets', { secret: { secretName: 'db-credentials', optional: false } }],
    ['versions', { dependencies: { jsonwebtoken: '^9.0.2', 'passport-jwt': '4.0.1' } }],
    ['lists of names of headers', { allowedHeaders: ['Authorization', 'X-Api-Key', 'Cookie'] }],
    ['lists of settings', { env: ['TOKEN_TTL=900', 'TZ=Europe/Berlin'] }],
    [
      'what a server supports',
      { token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'] },
    ],
    ['attributes of cookies', { cookie: { maxAge: 86_400, secure: true, sameSite: 'lax' } }],
    ['names of columns', { missing: ['password_hash', 'reset_token_expires_at'] }],
    ['public keys', { sshPublicKey: `ssh-ed25519 ${SECRET}` }],
    ['arguments with options', { args: ['pg_isready', '-h', 'db', '-p', '5432'] }],
    ['a state', { auth: 'disabled', session: 'closed' }],
  ])('leave %s', (_what, details) => {
    expect({ ...cleanDetails(details) }).toEqual(details);
  });

  test('in a list of two are masked whatever they look like', () => {
    expect({ ...cleanDetails({ header: ['password', 'word'] }) }).toEqual({ header: ['password', '***'] });
  });

  test('go through the function of the user as well', () => {
    const copy = cleanDetails({ a: 'x', b: ['x'] }, (text) => text.replace('x', 'y'));
    expect({ ...copy }).toEqual({ a: 'y', b: ['y'] });
  });
});

suite('the time for details is bounded', () => {
  test('a BigInt of megabytes is not printed', () => {
    const big = 1n << 32_000_000n;
    const started = performance.now();
    expect({ ...cleanDetails({ big, negative: -big, small: 12n }) }).toEqual({
      big: '[bigint]',
      negative: '[bigint]',
      small: '12',
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a BigInt of up to 256 bits is', () => {
    const edge = 2n ** 256n;
    expect({ ...cleanDetails({ over: edge, under: -edge, most: edge - 1n, least: 1n - edge }) }).toEqual({
      over: '[bigint]',
      under: '[bigint]',
      most: String(edge - 1n),
      least: String(1n - edge),
    });
  });

  test('dates are shown at the depth at which objects are not', () => {
    expect(cleanDetails({ a: { b: { c: { date: new Date(0), object: {} } } } })).toEqual({
      a: { b: { c: { date: '1970-01-01T00:00:00.000Z', object: '[object]' } } },
    });
  });

  test('of many keys the first two hundred are read, and no getter behind them', () => {
    let reads = 0;
    const wide: Record<string, unknown> = {};
    for (let index = 0; index < 1_000; index++) {
      Object.defineProperty(wide, `k${index}`, { enumerable: true, get: () => ++reads });
    }
    expect(Object.keys(cleanDetails(wide))).toHaveLength(200);
    expect(reads).toBe(200);
  });

  test('what is inherited is left out', () => {
    expect(
      Object.keys(cleanDetails(Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } }))),
    ).toEqual(['own']);
  });

  test('bytes are not copied', () => {
    const size = 50_000_000;
    expect({
      ...cleanDetails({
        a: new Uint8Array(size),
        b: new ArrayBuffer(size),
        c: new DataView(new ArrayBuffer(8)),
      }),
    }).toEqual({
      a: '[bytes]',
      b: '[bytes]',
      c: '[bytes]',
    });
  });

  test('texts are searched until the budget is used up', () => {
    const copy = cleanDetails(
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, 'x '.repeat(8_000)])),
    );
    expect(Object.keys(copy).length).toBeLessThan(7);
  });
});
