import type { CheckReport, Report } from '../health/report.ts';
import type { CheckStatus } from '../health/result.ts';
import type { Format } from './format.ts';

/**
 * Plain text as Kubernetes prints it under `/healthz?verbose` (kubernetes/apiserver, `pkg/server/healthz`): one line
 * per check, then the verdict. `[!]` is our addition, for warnings, which Kubernetes does not have.
 */
export const text: Format = {
  name: 'text',
  mediaType: 'text/plain',
  contentType: 'text/plain; charset=utf-8',
  render: (report, context) => {
    const lines = Object.values(report.checks).map((check) => line(check, context !== undefined));
    const holds = context === undefined ? [] : report.holds.map((reason) => `[-]held: ${reason}`);
    return `${[...lines, ...holds, verdict(report)].join('\n')}\n`;
  },
};

const BEGINNING: Readonly<Record<CheckStatus, string>> = { ok: '[+]', warning: '[!]', error: '[-]' };
const WORD: Readonly<Record<CheckStatus, string>> = { ok: 'ok', warning: 'warning', error: 'failed' };

function line(check: CheckReport, details: boolean): string {
  const { status, name, damping } = check;
  const said = `${BEGINNING[status]}${name} ${WORD[status]}`;
  if (details) {
    const damped =
      damping === undefined ? said : `${said} (${damping.runs} of ${damping.of} before it counts)`;
    return check.message === undefined ? damped : `${damped}: ${check.message}`;
  }
  return status === 'ok' ? said : `${said}: reason withheld`;
}

function verdict(report: Report): string {
  const subject = report.group === 'all' ? 'health' : report.group.replace('checks/', '');
  switch (report.status) {
    case 'healthy':
      return `${subject} check passed`;
    case 'degraded':
      return `${subject} check passed, degraded`;
    case 'unhealthy':
      return `${subject} check failed${report.draining ? ', draining' : ''}${report.held ? ', held' : ''}${stalled(report)}`;
  }
}

function stalled({ stalled: seconds }: Report): string {
  return seconds === undefined ? '' : `, event loop blocked for ${seconds} s`;
}
