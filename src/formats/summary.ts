import type { CheckReport, Report } from '../health/report.ts';

/**
 * The wire contract: `{"status":"healthy","checks":{"database":"ok","uptime":4242}}`, followed by `"draining":true`
 * while the service drains, `"held":true` while a hold keeps traffic away, and `"stalled":12.3` with the seconds for
 * which the event loop has been blocked. Names and statuses only, for every caller. The default never changes.
 */
export function summarise(report: Report): string {
  let checks = '';
  for (const name in report.checks) {
    const check = report.checks[name] as CheckReport;
    // Names match /^[A-Za-z][\w.-]*$/ and statuses are fixed words: nothing here needs escaping.
    checks += `${checks === '' ? '' : ','}"${check.name}":${shown(check)}`;
  }
  return `{"status":"${report.status}","checks":{${checks}}${report.draining ? ',"draining":true' : ''}${report.held ? ',"held":true' : ''}${report.stalled === undefined ? '' : `,"stalled":${report.stalled}`}}`;
}

function shown(check: CheckReport): string {
  const showsValue = check.display === 'value' && check.status === 'ok' && check.value !== undefined;
  return showsValue ? String(check.value) : `"${check.status}"`;
}
