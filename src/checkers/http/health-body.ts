import type { CheckStatus } from '../../health/result.ts';

/** What a peer reports about its own health. */
export interface PeerHealth {
  readonly status: CheckStatus;
  /** For messages: `says "unhealthy" (database: error)`. */
  readonly text: string;
}

/**
 * The words of allswell, of draft-inadarei-api-health-check, of Spring Boot Actuator, of ASP.NET Core health checks
 * (plain text), and the `ok` and `error` of handwritten endpoints.
 */
const WORDS: ReadonlyMap<string, CheckStatus> = new Map([
  ['healthy', 'ok'],
  ['pass', 'ok'],
  ['up', 'ok'],
  ['ok', 'ok'],
  ['degraded', 'warning'],
  ['warn', 'warning'],
  ['warning', 'warning'],
  ['unhealthy', 'error'],
  ['fail', 'error'],
  ['down', 'error'],
  ['out_of_service', 'error'],
  ['error', 'error'],
]);

/** How many checks of the peer a message names. */
const MAX_NAMED = 3;

/** Reads a body as a health report; undefined if it is not one, and then only the status code counts. */
export function readHealth(body: string): PeerHealth | undefined {
  const text = body.trim();
  if (!text.startsWith('{')) return healthOf(text, '');
  try {
    const report: unknown = JSON.parse(text);
    const { status, checks } = report as { status?: unknown; checks?: unknown };
    return typeof status === 'string' ? healthOf(status, namesOf(checks)) : undefined;
  } catch {
    return undefined;
  }
}

function healthOf(word: string, names: string): PeerHealth | undefined {
  const status = WORDS.get(word.toLowerCase());
  return status === undefined ? undefined : { status, text: `says "${word}"${names}` };
}

/** The peer's checks that are not ok, where it reports them the way we do: `{ database: 'error' }`. */
function namesOf(checks: unknown): string {
  if (typeof checks !== 'object' || checks === null) return '';
  const failing: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const status = typeof check === 'object' && check !== null ? check.status : check;
    if (failing.length < MAX_NAMED && (WORDS.get(status) ?? 'ok') !== 'ok')
      failing.push(`${name}: ${status}`);
  }
  return failing.length === 0 ? '' : ` (${failing.join(', ')})`;
}
