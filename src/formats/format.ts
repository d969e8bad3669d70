import type { Report } from '../core/report.ts';

/** How a report becomes bytes. */
export interface Format {
  /** The `Content-Type` of the answer. */
  readonly contentType: string;
  /** The body. With `details` it may show everything; without, nothing but names and statuses. */
  render(report: Report, details: boolean): string;
}
