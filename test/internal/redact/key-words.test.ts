import { expect, describe as suite, test } from 'vitest';
import { keyKindOf } from '../../../src/internal/redact/key-words.ts';

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
