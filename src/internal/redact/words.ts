/** A set of words. */
export interface Words {
  has(word: string): boolean;
}

/** The words of a list. The set is built when it is first asked, because most of them are not needed for long after the import. */
export function words(list: string): Words {
  let set: ReadonlySet<string> | undefined;
  return {
    has(word) {
      set ??= new Set(list.split(' '));
      return set.has(word);
    },
  };
}
