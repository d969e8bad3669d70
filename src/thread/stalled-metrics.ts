import { plainReply, type Reply } from '../http/reply.ts';

/** The gauge of the current stall; `allswell/prometheus` renders it as 0 while the event loop runs. */
const STALLED_GAUGE = 'health_event_loop_stalled_seconds';
const STALLED_HELP = 'How long the event loop has been blocked, 0 while it runs';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const SERIES = new RegExp(`^([\\w:]*${STALLED_GAUGE}(?:\\{[^}]*\\})?) .*$`, 'm');

/**
 * The answer to a scrape while the main event loop is blocked: the last rendering with the stall's gauge set, or the gauge
 * alone.
 */
export function stalledMetrics(last: Reply | undefined, stalledMs: number): Reply {
  const seconds = String(stalledMs / 1000);
  const text = last === undefined ? '' : textOf(last);
  const contentType = last?.headers[last.headers.indexOf('Content-Type') + 1] ?? CONTENT_TYPE;
  if (SERIES.test(text)) return plainReply(200, contentType, text.replace(SERIES, `$1 ${seconds}`));
  const has = text.includes(`${STALLED_GAUGE} gauge`);
  const head = has ? '' : `# HELP ${STALLED_GAUGE} ${STALLED_HELP}\n# TYPE ${STALLED_GAUGE} gauge\n`;
  const series = `${head}${STALLED_GAUGE} ${seconds}\n`;
  // In OpenMetrics nothing may follow the end marker.
  const end = text.lastIndexOf('# EOF');
  const whole = end === -1 ? text + series : text.slice(0, end) + series + text.slice(end);
  return plainReply(200, contentType, whole);
}

function textOf({ body }: Reply): string {
  // A Buffer sent in a message arrives as a plain array of bytes.
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}
