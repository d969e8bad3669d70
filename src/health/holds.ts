/** The program's own reasons not to take traffic, each until it is released. */
export class Holds {
  readonly #reasons = new Map<symbol, string>();
  /** The reasons, oldest first; replaced at every change, so that a report may keep it. */
  reasons: readonly string[] = Object.freeze([]);

  /** @returns a function that releases the hold; it returns false if that was done already */
  add(reason: string): () => boolean {
    const key = Symbol(reason);
    this.#reasons.set(key, reason);
    this.#update();
    return () => {
      const isReleased = this.#reasons.delete(key);
      if (isReleased) this.#update();
      return isReleased;
    };
  }

  get isEmpty(): boolean {
    return this.reasons.length === 0;
  }

  #update(): void {
    this.reasons = Object.freeze([...this.#reasons.values()]);
  }
}
