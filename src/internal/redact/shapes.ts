import { isRandomWord } from './remarks.ts';
import type { Spans } from './spans.ts';

/**
 * The prefixes by which vendors make their tokens known, and what follows. Each alternative is a fixed start and one
 * run of characters, so the search is linear.
 * Source: the token formats that GitHub's, GitLab's and others' secret scanning documents.
 */
const SHAPES: RegExp = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    '(?:A3T|AKIA|ASIA|AGPA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{8,}',
    'AKID[A-Za-z0-9]{10,}',
    'AAAA[\\w-]{4,20}:APA91b[\\w-]{8,}',
    'pscale_(?:pw|tkn|oauth)_[\\w.-]{8,}',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{20,}',
    '[0-9a-z]{20,40}-us\\d{1,2}(?!\\w)',
    'AIza[\\w-]{10,}',
    'ya29\\.[\\w.-]{8,}',
    '1//0[\\w-]{8,}',
    'GOCSPX-[\\w-]{8,}',
    'gh[pousr]_\\w{8,}',
    'github_pat_\\w{8,}',
    '(?:glpat|gldt|glrt|glcbt|glptt|glft|glsoat|glagent|gloas|glimt|glffct)-[\\w.-]{8,}',
    '(?:xox[a-z]|xapp)-[\\w.-]{8,}',
    '(?:sk|rk|pk|whsec|ac|sq0[a-z]{3})[_-](?:live|test|prod|or|proj|ant|svcacct|admin|lf)?[_-]?[\\w-]{8,}',
    '(?:npm|hf|nfp|figd|lin_api|lin_oauth|ntn|secret|dckr_pat|dckr_oat|r8|gsk|pplx|xai|tvly|fw|csk|sgp|sntrys|sntryu|pul|rubygems|cio|crates|atatt|dp|dop_v1|doo_v1|dor_v1|rnd|ey|fo1|fm2|shp(?:at|ca|pa|ss)|glsa|glc|NRAK|NRJS|NRII|CFPAT|PMAK|EZAK|EZTK|rpa|lsv2|key|pat|oauth|figma|tfp|whsec|wh|sbp|sb_secret|sb_publishable|vercel|vcp|re|phc|phx|dapi|doppler|ATATT3|ATCTT3|ATBB|AGE-SECRET-KEY|pypi|clojars|CLOJARS|AccessKey|LTAI|HRKU|apify_api|tskey|postman|snyk|ops|ATTA|bkua|cmp|duffel|fio-u|frame|flyv1|nvapi|jina|sourcegraph|sgs|telnyx|KEY)[_-][\\w.+/-]{8,}',
    '(?:dapi|LTAI|ATBB|ATATT3|ATCTT3|cio|EAA[A-Z]|EAAC|CLOJARS_|rdme_|SCW|sl\\.|oat_|PRIVATE-)[\\w-]{12,}',
    'AGE-SECRET-KEY-1[A-Z0-9]{8,}',
    'SG\\.[\\w-]{8,}(?:\\.[\\w-]+)?',
    '(?:hv[sbr]|[sb])\\.[A-Za-z0-9_-]{20,}',
    'hv[sbr]\\.[\\w-]{6,}',
    'dp\\.[a-z]{2,5}\\.[\\w.-]{8,}',
    'bot\\d{6,12}:[\\w-]{8,}',
    '\\d{8,10}:AA[\\w-]{8,}',
    '[MNO][A-Za-z\\d]{22,27}\\.[\\w-]{5,7}\\.[\\w-]{10,}',
    'SK[0-9a-f]{32}',
    'v[1-4]\\.(?:local|public)\\.[\\w.-]{8,}',
    'k[1-4]\\.(?:local|secret|public|local-pw|secret-wrap\\.\\w+|local-wrap\\.\\w+)\\.[\\w.-]{8,}',
    'eyJ[\\w-]{4,}(?:\\.[\\w-]*){1,6}',
    'eyJ[\\w-]{20,}',
    'LS0tLS1CRUdJTi[\\w+/=-]+',
    '\\d{8,12}-[a-z0-9]{32}\\.apps',
    'sshpass-',
  ].join('|')})`,
  'g',
);

/** Hashes of passwords, which can be guessed from. */
const HASHES =
  /\$(?:2[abxy]?|1|5|6|7|y|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$[\w./$=,+-]{8,}|\{(?:S?SHA\d*|S?MD5|CRYPT|PBKDF2[\w-]*)\}[\w./+=$-]{8,}|SCRAM-SHA-(?:1|256|512)\$\d+:[\w+/=:$-]{8,}|(?<![\w-])md5[0-9a-f]{32}(?!\w)|(?<![\w*])\*[0-9A-F]{40}(?!\w)|(?<!\w)pbkdf2_sha\d+\$[\w./$=+-]{8,}/g;

/** Whether what follows a prefix is drawn at random: `key-value-store` and `npm_config_registry` are not. */
function isTaken(shape: string): boolean {
  if (
    /^(?:AAAA|pscale_|\w{14}\.atlasv1|\w{20,40}-us|eyJ|LS0t|A[A-Z]IA|AIza|SG\.|hv|v\d\.|k\d\.|gh[pousr]_|github_pat|glpat|xox|bot|1\/\/|\d|SK|ya29|AGE-)/.test(
      shape,
    )
  )
    return true;
  const body = shape.replace(/^[A-Za-z0-9]+[_.-]/, '');
  return shape.split(/[_./+-]/).some(isRandomWord) || isRandomWord(body) || /[0-9a-f]{16}/i.test(body);
}

/** Masks tokens known by their shape, wherever they stand. */
export function maskShapes(text: string, spans: Spans): void {
  for (const pattern of [SHAPES, HASHES]) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const [shape] = match;
      if (pattern !== HASHES && !isTaken(shape)) continue;
      const end = match.index + shape.length;
      spans.add(match.index, end);
      // an account and its secret: SK…:…
      const behind =
        text[end] === ':' ? (/^[\w-]{6,100}/.exec(text.slice(end + 1, end + 101))?.[0] ?? '') : '';
      if (isRandomWord(behind)) spans.add(end + 1, end + 1 + behind.length);
    }
  }
}
