import { maskAtSigns } from './at-signs.ts';
import { maskBareTokens } from './bare-tokens.ts';
import { maskCommands } from './commands.ts';
import { maskKeyed } from './keyed.ts';
import { Passage } from './passage.ts';
import { maskProtocols } from './protocols.ts';
import { maskShapes } from './shapes.ts';
import { Spans } from './spans.ts';
import { isSuspicious } from './suspicion.ts';
import { maskUrls } from './urls.ts';
import { type View, viewsOf } from './views.ts';

/**
 * Replaces credentials in a string with `***`: values of keys that name a secret, user and password in URLs, tokens of known
 * shape, long random words. Prose about secrets, numbers, ids and hashes stay as they are. Takes time linear in the length.
 *
 * @example redact('connect postgres://app:s3cret@db/app') // 'connect postgres://***@db/app'
 */
export function redact(text: string): string {
  if (!isSuspicious(text)) return text;
  const spans = new Spans();
  for (const view of viewsOf(text)) spans.addAll(search(view));
  return spans.applyTo(text);
}

function search({ text, places }: View): Spans {
  const spans = new Spans(places);
  const passage = new Passage(text, spans);
  maskKeyed(passage);
  maskUrls(text, spans);
  maskAtSigns(text, spans);
  maskShapes(text, spans);
  maskBareTokens(text, spans);
  maskCommands(text, spans);
  maskProtocols(passage);
  return spans;
}
