import fc from 'fast-check';

/** Bytes for one connection, and how they are sent. */
export interface Conversation {
  readonly bytes: Buffer;
  /** Where the bytes are cut into pieces that are sent one after the other. */
  readonly cuts: readonly number[];
  /**
   * `answer`: one complete request, and the server owes one answer before it closes. `finish`: says that no more
   * will come, and waits for the server to close. `vanish`: resets after the last byte. `interrupt`: resets at
   * the first byte of an answer.
   */
  readonly end: 'answer' | 'finish' | 'vanish' | 'interrupt';
  /** How many requests `answer` holds. */
  readonly requests: number;
}

const OURS = '/api/v1/health';

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('GET', 'HEAD', 'OPTIONS') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        'POST',
        'PUT',
        'DELETE',
        'PATCH',
        'TRACE',
        'CONNECT',
        'PURGE',
        'QUERY',
        'BREW',
        'get',
        'GET\t',
        'M-SEARCH',
        '',
      ],
    ),
  },
);

const path = fc.oneof(
  // Enough of what answers 200, so that no run is without.
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      OURS,
      `${OURS}/`,
      `${OURS}/live`,
      `${OURS}/ready`,
      `${OURS}/checks/fine`,
      `${OURS}/checks/broken`,
      '/metrics',
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        `${OURS}//`,
        `/${OURS}`,
        `${OURS}/startup`,
        `${OURS}/checks/`,
        `${OURS}/checks/nobody`,
        `${OURS}/checks/__proto__`,
        `${OURS}/all`,
      ],
      ...[
        '/api%2Fv1%2Fhealth',
        '/api/v1%2fhealth',
        '/%61pi/v1/health',
        `${OURS}%00`,
        `${OURS}%2e%2e`,
        `${OURS}/../health`,
      ],
      ...[
        `${OURS}/%`,
        `${OURS}/%ff`,
        '/API/V1/HEALTH',
        `${OURS};a=b`,
        `${OURS}#x`,
        '/',
        '*',
        '',
        '//',
        OURS.slice(1),
        '\\api\\v1\\health',
      ],
      ...[
        `${OURS}/checks/constructor`,
        `${OURS}/hasOwnProperty`,
        '/favicon.ico',
        `${OURS}/${'x'.repeat(5_000)}`,
      ],
    ),
  },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }).map((text) => `${OURS}/${text}`) },
);

const prefix = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        'http://health.example',
        'https://x:443',
        'HTTP://[::1]:80',
        'http://',
        'http:',
        'ftp://x',
        'http://u:p@x',
        '//x',
        'http://x?y',
      ],
    ),
  },
);

const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '?',
        '?verbose',
        '?verbose&verbose',
        '?verbose=1&verbose=0',
        '?verbose=true',
        '?verbose[]=1',
        '?Verbose',
        '?x=1?verbose',
      ],
      ...[
        '?%76erbose',
        '?verbose#',
        `?${'verbose&'.repeat(500)}`,
        `?${'a'.repeat(9_000)}`,
        '?=&&=',
        '?format=x&verbose',
        '?__proto__=1&verbose',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.webQueryParameters().map((text) => `?${text}&verbose`) },
);

const version = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('HTTP/1.1', 'HTTP/1.0') },
  { weight: 1, arbitrary: fc.constantFrom('HTTP/2.0', 'HTTP/0.9', 'HTTP/1', 'http/1.1', 'ICY/1.0', '') },
);

const header = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        'Host: x',
        'Host:',
        'Host: a\r\nHost: b',
        'Connection: keep-alive',
        'Connection: close',
        'Accept: */*',
        'Accept: ;q=,;;q=2,*/',
      ],
      ...[
        'Accept: text/html',
        'Accept: application/health+json',
        `Accept: ${'a/b,'.repeat(1_000)}`,
        'Accept: application/json;q=NaN',
      ],
      ...[
        'Expect: 100-continue',
        'Expect: the-unexpected',
        'Upgrade: websocket\r\nConnection: Upgrade',
        'Upgrade: h2c\r\nConnection: upgrade',
      ],
      ...[
        'Content-Length: 5',
        'Content-Length: -1',
        'Content-Length: 5\r\nContent-Length: 6',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: x',
      ],
      ...[
        'Range: bytes=0-1',
        'If-None-Match: *',
        'If-Modified-Since: Mon, 01 Jan 2035 00:00:00 GMT',
        'Access-Control-Request-Method: GET',
      ],
      ...[
        'Origin: http://evil.example',
        'Cookie: __proto__=1',
        'Authorization: Basic eDp5',
        'X-HTTP-Method-Override: DELETE',
        'X-Forwarded-Proto: https',
      ],
      ...[
        'X-Original-URL: /api/v1/health?verbose',
        '__proto__: x',
        'constructor: x',
        ': nameless',
        ' folded',
        'no colon',
        `X: ${'y'.repeat(20_000)}`,
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 40 }))
      .map(([k, v]) => `${k}: ${v}`),
  },
);

const body = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('hello', '5\r\nhello\r\n0\r\n\r\n', 'fffffffffffffffff\r\n', '{"a":1}'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);

const request = fc
  .tuple(method, prefix, path, query, version, fc.array(header, { maxLength: 6 }), body)
  .map(([verb, before, target, after, http, headers, content]) => {
    const lines = [`${verb} ${before}${target}${after} ${http}`, ...headers];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${content}`, 'latin1');
  });

const bytes = fc.oneof(
  { weight: 10, arbitrary: request },
  // Pipelined: the answers have to come in order, or not at all.
  {
    weight: 4,
    arbitrary: fc.array(request, { minLength: 2, maxLength: 5 }).map((all) => Buffer.concat(all)),
  },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)) },
  // Good beginnings that stop or turn bad somewhere.
  { weight: 2, arbitrary: fc.tuple(request, fc.nat(400)).map(([all, length]) => all.subarray(0, length)) },
  {
    weight: 2,
    arbitrary: fc.tuple(request, fc.nat(400), fc.nat(255)).map(([all, at, byte]) => {
      const changed = Buffer.from(all);
      if (changed.length > 0) changed[at % changed.length] = byte;
      return changed;
    }),
  },
);

const cuts = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.nat(300), { maxLength: 6 }) },
);

/** What no server can take exception to, whatever it thinks of the target. */
const answerable: fc.Arbitrary<Conversation> = fc
  .record({
    verb: fc.constantFrom(
      'GET',
      'HEAD',
      'OPTIONS',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'PURGE',
      'TRACE',
      'M-SEARCH',
    ),
    target: fc.tuple(prefix, path, query).map((parts) => parts.join('').replace(/[^!-~]/g, '')),
    http: fc.constantFrom('1.0', '1.1'),
    extra: fc.constantFrom(
      'Accept: */*',
      'Accept: text/html',
      'Origin: x\r\nAccess-Control-Request-Method: GET',
      'Range: bytes=0-1',
    ),
    cuts,
  })
  .map(({ verb, target, http, extra, cuts: at }) => ({
    bytes: Buffer.from(
      `${verb} /${target.replace(/^\//, '')} HTTP/${http}\r\nHost: x\r\nConnection: close\r\n${extra}\r\n\r\n`,
    ),
    cuts: at,
    end: 'answer',
    requests: 1,
  }));

/** As many requests as fit into what a server reads at once, and more: none may be lost, and none may wait for ever. */
const flood: fc.Arbitrary<Conversation> = fc
  .record({
    requests: fc.integer({ min: 50, max: 1500 }),
    target: fc.constantFrom(OURS, `${OURS}?verbose`, `${OURS}?format=html`, '/metrics', '/other'),
  })
  .map(({ requests, target }) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: x\r\n`;
    const bytes = `${`${head}\r\n`.repeat(requests - 1)}${head}Connection: close\r\n\r\n`;
    return { bytes: Buffer.from(bytes), cuts: [], end: 'answer', requests };
  });

const anything: fc.Arbitrary<Conversation> = fc.record({
  bytes,
  cuts,
  end: fc.oneof(
    { weight: 8, arbitrary: fc.constant<'finish'>('finish') },
    { weight: 1, arbitrary: fc.constantFrom<'vanish' | 'interrupt'>('vanish', 'interrupt') },
  ),
  requests: fc.constant(1),
});

/** Anything that may come over a socket, most of it nearly a request of ours. */
export const conversation: fc.Arbitrary<Conversation> = fc.oneof(
  { weight: 66, arbitrary: anything },
  { weight: 33, arbitrary: answerable },
  { weight: 1, arbitrary: flood },
);

/** A request whose head HTTP/2 can carry. */
export const stream = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PURGE', 'TRACE'),
  target: fc.tuple(path, query).map(
    (parts) =>
      `/${parts
        .join('')
        .replace(/[^!-~]/g, '')
        .replace(/^\//, '')}`,
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'accept',
      'origin',
      'access-control-request-method',
      'x-health-check',
      'cookie',
      'range',
      'expect',
    ),
    fc.constantFrom('*/*', 'text/html', 'GET', 'a/b,'.repeat(500), 'bytes=0-1', ';q=,;;q=2,*/'),
    { maxKeys: 3 },
  ),
  body: fc.constantFrom('', '', 'hello'),
});

export { anything };
