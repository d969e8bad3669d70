import type { CheckReport, Report } from '../health/report.ts';
import type { CheckStatus } from '../health/result.ts';
import type { Format } from './format.ts';

/**
 * Plain text as Kubernetes prints it under `/healthz?verbose` (kubernetes/apiserver, `pkg/server/healthz`): a line
 * per check, then the verdict. `[!]` is ours, for warnings, which Kubernetes does not have.
 */
export const text: Format = {
  name: 'text',
  mediaType: 'text/plain',
  contentType: 'text/plain; charset=utf-8',
  render: (report, insight) => {
    const lines = Array.from(report.checks.values(), (check) => line(check, insight !== undefined));
    return `${[...lines, verdict(report)].join('\n')}\n`;
  },
};

const BEGINNING: Readonly<Record<CheckStatus, string>> = { ok: '[+]', warning: '[!]', error: '[-]' };
const WORD: Readonly<Record<CheckStatus, string>> = { ok: 'ok', warning: 'warning', error: 'failed' };

function line(check: CheckReport, details: boolean): string {
  const { status, name } = check;
  const said = `${BEGINNING[status]}${name} ${WORD[status]}`;
  if (details) return check.message === undefined ? said : `${said}: ${check.message}`;
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
      return `${subject} check failed${report.draining ? ', draining' : ''}`;
  }
}
