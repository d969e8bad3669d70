import { Spans } from '../../../src/internal/redact/spans.ts';

/** What one part of the search alone makes of a text. */
export function maskedBy(search: (text: string, spans: Spans) => void): (text: string) => string {
  return (text) => {
    const spans = new Spans();
    search(text, spans);
    return spans.applyTo(text);
  };
}
