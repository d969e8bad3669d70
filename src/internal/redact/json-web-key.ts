import { maskGroups } from './each.ts';
import type { Spans } from './spans.ts';

/** The members of a JSON Web Key that are secret. Source: RFC 7518, section 6. */
const MEMBERS = 'd|p|q|dp|dq|qi|k|oth';
const MEMBER: RegExp = new RegExp(`^(?:${MEMBERS})$`);

/** The same in text, as JSON (perhaps escaped) or as Node prints objects. */
const IN_TEXT: RegExp = new RegExp(
  `(?<![\\w-])(?:${MEMBERS})(?:\\\\{0,3}["'])?\\s?:\\s?\\\\{0,3}["']([\\w-]{8,})`,
  'g',
);

/** Whether an object is a JSON Web Key and the key one of its secret members. */
export function isKeyMember(source: object, key: string): boolean {
  return MEMBER.test(key) && Object.hasOwn(source, 'kty');
}

/** Masks the secret members of JSON Web Keys. */
export function maskKeyMembers(text: string, spans: Spans): void {
  if (/\bkty\b/.test(text)) maskGroups(IN_TEXT, text, spans);
}
