import { lazy } from '../lazy.ts';
import { each } from './each.ts';
import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/** Shapes that only tokens have. Each is a fixed start and one run of characters, which keeps the search linear. */
const CERTAIN: readonly string[] = [
  'A[KSB]IA[A-Z0-9]{8,}',
  'AAAA[\\w-]{4,20}:APA91b[\\w-]{8,}',
  'pscale_(?:pw|tkn|oauth)_[\\w.-]{8,}',
  '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{20,}',
  '[0-9a-z]{20,40}-us\\d{1,2}(?!\\w)',
  'AIza[\\w-]{10,}',
  'ya29\\.[\\w.-]{8,}',
  '1//0[\\w-]{8,}',
  'gh[pousr]_\\w{8,}',
  'github_pat_\\w{8,}',
  'glpat-[\\w.-]{8,}',
  'xox[a-z]-[\\w.-]{8,}',
  'AGE-SECRET-KEY-1[A-Z0-9]{8,}',
  'SG\\.[\\w-]{8,}(?:\\.[\\w-]+)?',
  'hv[sbr]\\.[\\w-]{6,}',
  'bot\\d{6,12}:[\\w-]{8,}',
  '\\d{8,10}:AA[\\w-]{8,}',
  '\\d{8,12}-[a-z0-9]{32}\\.apps',
  'SK[0-9a-f]{32}',
  'v[1-4]\\.(?:local|public)\\.[\\w.-]{8,}',
  'k[1-4]\\.(?:local|secret|public|local-pw|secret-wrap\\.\\w+|local-wrap\\.\\w+)\\.[\\w.-]{8,}',
  'eyJ[\\w-]{4,}(?:\\.[\\w-]*){1,6}',
  'eyJ[\\w-]{20,}',
  'base64url\\.bearer\\.authorization\\.k8s\\.io\\.[\\w-]{8,}',
  'LS0tLS1CRUdJTi[\\w+/=-]+',
];

/** Prefixes that other words have too: these are tokens only if the rest looks random. */
const LIKELY: readonly string[] = [
  '(?:A3T|AGPA|AIDA|AROA|ACCA|AKID)[A-Za-z0-9]{8,}',
  'GOCSPX-[\\w-]{8,}',
  '(?:gldt|glrt|glcbt|glptt|glft|glsoat|glagent|gloas|glimt|glffct)-[\\w.-]{8,}',
  'xapp-[\\w.-]{8,}',
  '(?:sk|rk|pk|whsec|ac|sq0[a-z]{3})[_-][\\w-]{8,}',
  '(?:npm|hf|nfp|figd|lin_api|lin_oauth|ntn|secret|dckr_pat|dckr_oat|r8|gsk|pplx|xai|tvly|fw|csk|sgp|sntrys|sntryu|pul|rubygems|cio|crates|atatt|dp|dop_v1|doo_v1|dor_v1|rnd|ey|fo1|fm2|shp(?:at|ca|pa|ss)|glsa|glc|NRAK|NRJS|NRII|CFPAT|PMAK|EZAK|EZTK|rpa|lsv2|key|pat|oauth|figma|tfp|wh|sbp|sb_secret|sb_publishable|vercel|vcp|re|phc|phx|dapi|doppler|ATATT3|ATCTT3|ATBB|pypi|clojars|CLOJARS|AccessKey|LTAI|HRKU|apify_api|tskey|postman|snyk|ops|ATTA|bkua|cmp|duffel|fio-u|frame|flyv1|nvapi|jina|sourcegraph|sgs|telnyx|KEY)[_-][\\w.+/-]{8,}',
  '(?:dapi|LTAI|ATBB|ATATT3|ATCTT3|cio|EAA[A-Z]|CLOJARS_|rdme_|SCW|sl\\.|oat_|PRIVATE-)[\\w-]{12,}',
  '[sb]\\.[\\w-]{20,}',
  'dp\\.[a-z]{2,5}\\.[\\w.-]{8,}',
  '[MNO][A-Za-z\\d]{22,27}\\.[\\w-]{5,7}\\.[\\w-]{10,}',
];

/**
 * Tokens with the prefixes of their vendors.
 * Source: the token formats in the documentation of secret scanning by GitHub, GitLab and others.
 */
const SHAPES = lazy(
  () => new RegExp(`(?<![A-Za-z0-9])(?=[\\w.:/+-]{8})(?:(${CERTAIN.join('|')})|${LIKELY.join('|')})`, 'g'),
);

/** Hashes of passwords: passwords can be guessed from them. */
const HASHES =
  /\$(?:2[abxy]?|1|5|6|7|y|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$[\w./$=,+-]{8,}|\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2[\w-]*)\}[\w./+=$-]{8,}|SCRAM-SHA-(?:1|256|512)\$\d+:[\w+/=:$-]{8,}|(?<![\w-])md5[0-9a-f]{32}(?!\w)|(?<![\w*])\*[0-9A-F]{40}(?!\w)|(?<!\w)pbkdf2_sha\d+\$[\w./$=+-]{8,}/g;

/** Whether a part of a likely token looks random: none does in `key-value-store` and `npm_config_registry`. */
function looksLikeToken(shape: string): boolean {
  return shape.split(/[_./+-]/).some(isRandomWord) || /[0-9a-f]{16}/i.test(shape);
}

/** The secret after an account id: `SK…:…`. */
const SECRET_AFTER = /:([\w-]{6,100})/y;

/** Masks tokens of known shape, anywhere. */
export function maskShapes(text: string, spans: Spans): void {
  each(SHAPES(), text, ({ 0: shape, 1: certain, index }, end) => {
    if (certain === undefined && !looksLikeToken(shape)) return end;
    spans.add(index, end);
    SECRET_AFTER.lastIndex = end;
    const secret = SECRET_AFTER.exec(text)?.[1];
    if (secret !== undefined && isRandomWord(secret)) spans.add(end + 1, end + 1 + secret.length);
    return end;
  });
  each(HASHES, text, ({ index }, end) => {
    spans.add(index, end);
    return end;
  });
}
