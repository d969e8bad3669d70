import { expect, describe as suite, test } from 'vitest';
import { isFactKey, keyKindOf, ownedKind } from '../../../src/internal/redact/key-words.ts';

suite('names of keys', () => {
  test.each<[string, string]>([
    [
      'password',
      'password 新しいパスワード pgpassword DB_PASSWORD userPassword password2 PASSWORD_NEW passwd pwd db_pwd pass dbpass sslpassword requirepass passcode Passwort contraseña пароль pw passwordHash storepass',
    ],
    [
      'token',
      'secret client_secret clientSecret SECRET_KEY_BASE token accessToken refreshToken api_key apiKey x-api-key APIKEY privateKey signing_key SharedAccessKey credentials secret_id jwt myapikey webhook_secret',
    ],
    [
      'weak',
      'auth sig signature hmac salt sid sessionId session_id csrf nonce state otp community SAMLResponse ticket args key routingKey X-ClickHouse-Key code_verifier recovery_codes deviceCode',
    ],
    ['authorization', 'authorization Authorization Proxy-Authorization X-Hub-Signature-256 Stripe-Signature'],
    ['cookie', 'cookie Cookie set-cookie Set-Cookie2'],
    ['scheme', 'Basic bearer Negotiate DPoP ntlm'],
    ['code', 'code statusCode error_code'],
    [
      'none',
      'user max_tokens token_count password_age passwordExpiresAt has_password token_type secret_name tokenFile key_id access_key_id author bypass compass passwordless primary_key cache-key password.ts keyspace authority passed monkey client_id credential_provider cookie_domain zip_codes auth_methods_supported secret-ui',
    ],
  ])('are of the kind %s: %s', (kind, names) => {
    expect(names.split(' ').filter((name) => keyKindOf(name) !== kind)).toEqual([]);
  });

  test('are not longer than 80 characters', () => {
    expect(keyKindOf(`${'a_'.repeat(36)}password`)).toBe('password');
    expect(keyKindOf(`${'a_'.repeat(37)}password`)).toBe('none');
  });
});

/** A name for each line of the lists of words. */
suite('words in names of keys', () => {
  test.each<[string, string]>([
    [
      'token',
      'secretkey subscriptionkey xsecret dbtoken xapikey license_key function_key jwt_key consumer_key gitlab_key algolia_key symmetric_key api_keys private_keys token_data token_primary secret_base secret_ids',
    ],
    [
      'password',
      'password_value password_confirmation password_12 password12 password_v2 mypass usernamepass xpassword passwordx mot_de_passe',
    ],
    [
      'weak',
      'auth12 auth_2 signature_x session_ids sess_id token_id recovery_codes backup_code otp_code device_code authorization_code saml_response saml_request saml_assertion',
    ],
    ['cookie', 'cookie2 Cookie2 set_cookie2'],
    ['authorization', 'x_signature'],
    ['code', 'code status_code'],
  ])('make a %s: %s', (kind, names) => {
    expect(names.split(' ').filter((name) => keyKindOf(name) !== kind)).toEqual([]);
  });

  test.each<[string, string]>([
    [
      'facts',
      'token_reason token_server token_check token_date token_protocol token_list token_folder token_issued token_chars token_go token_flag token.gz',
    ],
    ['counts and conditions', 'max_token enable_token prompt_token'],
    ['names of things', 'cache_key message_key cache_keys x_keys'],
    ['ids and codes', 'user_ids ids status_codes codes'],
    ['requests and responses', 'saml_other x_response x_saml_request http_request response'],
    ['parts of other words', 'xdbpass dbpassx passwordless xpasswordx passe passe_x 12 _'],
  ])('make none of %s: %s', (_what, names) => {
    expect(names.split(' ').filter((name) => keyKindOf(name) !== 'none')).toEqual([]);
  });

  test.each(
    'api$key api_key api-key api.key _token token_ __token APIKey apiKEY XMLToken XMLTOKEN 1Token myIDToken'.split(
      ' ',
    ),
  )('are recognised in %s', (name) => {
    expect(keyKindOf(name)).toBe('token');
  });

  test.each(['API_KEYx', 'APIkey', 'token1key'])('are not in %s', (name) => {
    expect(keyKindOf(name)).toBe('none');
  });
});

suite('names of facts', () => {
  test('end with a word that says so', () => {
    expect(['server', 'token_server', 'tokenServer', `${'a'.repeat(72)}_servers`].map(isFactKey)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['', 'x', `${'a'.repeat(73)}_servers`].map(isFactKey)).toEqual([false, false, false]);
  });
});

suite('a word with its owner', () => {
  test.each<[string, string, string | undefined]>([
    ['api', 'key', 'token'],
    ['api', 'KEY', 'token'],
    ['cache', 'key', undefined],
    ['de', 'passe', 'password'],
    ['la', 'passe', undefined],
    ['otp', 'code', 'weak'],
    ['backup', 'codes', 'weak'],
    ['status', 'code', undefined],
    ['api', 'word', undefined],
  ])('%s %s is of the kind %s', (owner, word, kind) => {
    expect(ownedKind(word, () => owner)).toBe(kind);
  });
});
