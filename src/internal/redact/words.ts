import { lazy } from '../lazy.ts';

/** A set of words. */
export interface Words {
  has(word: string): boolean;
}

/** The words of a list. The set is built at its first use, because most lists are not needed for a long time. */
export function words(list: string): Words {
  const set = lazy(() => new Set(list.split(' ')));
  return { has: (word) => set().has(word) };
}
