import { each } from './each.ts';
import { isRandomRun } from './randomness.ts';
import type { Spans } from './spans.ts';

const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Shorter runs may be anything; their key or their shape shows which are secrets. */
const MIN_LENGTH = 26;

/** Names of long random words that are not secret. */
const PUBLIC =
  /(?:\bid|[-_.]id(?:-\d)?|Id|ID|etag|trace|traceparent|tracestate|span|digest|integrity|fingerprint|checksum|revision|version|cursor|sha\d{1,3}|SHA\d{1,3}|md5|commit|hash|request|correlation|ray|baggage|certificate|cert|public[ -_]?key|ssh-(?:rsa|ed25519)|ecdsa-sha2-\w+)["']?\s{0,3}[-=:/ ]?\s{0,3}["']?(?:W\/")?(?:sha\d{1,3}-)?$/;

/** Whether a run looks like a key: both cases, digits, and mostly no words. */
function isKeyLike(run: string): boolean {
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  if (/^sha\d{1,3}-/.test(run)) return false;
  let random = 0;
  for (const part of run.split(/[^A-Za-z0-9]+/)) if (isRandomRun(part)) random += part.length;
  return random * 2 > run.length;
}

/** Masks long words of mixed letters and digits, unless they are named as an id or a checksum. */
export function maskBareTokens(text: string, spans: Spans): void {
  each(RUN, text, ({ 0: run, index }, end) => {
    if (run.length < MIN_LENGTH || !isKeyLike(run.slice(0, 2_000))) return end;
    if (!PUBLIC.test(text.slice(Math.max(0, index - 40), index))) spans.add(index, end);
    return end;
  });
}
