import { lazy } from '../lazy.ts';

/** A set of words. */
export interface Words {
  has(word: string): boolean;
}

/** The words of a list. The set is built when it is first asked, because most of them are not needed for long after the import. */
export function words(list: string): Words {
  const set = lazy(() => new Set(list.split(' ')));
  return { has: (word) => set().has(word) };
}
