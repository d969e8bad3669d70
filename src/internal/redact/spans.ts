/** Replaces a credential. */
export const MASK = '***';

/**
 * The parts of a text that are secret. They may overlap and come in any order; a part inside another changes nothing.
 */
export class Spans {
  #spans: [start: number, end: number][] = [];
  readonly #places: Uint32Array | undefined;

  /** @param places the position in the original of each character of the searched text, if they differ */
  constructor(places?: Uint32Array) {
    this.#places = places;
  }

  /** Marks the searched text from `start` to `end`. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const places = this.#places;
    this.#spans.push(places === undefined ? [start, end] : [places[start] as number, places[end] as number]);
  }

  /** Adds what was found in another view of the same text. */
  addAll(other: Spans): void {
    for (const span of other.#spans) this.#spans.push(span);
  }

  /** The text with each part replaced by {@link MASK}. */
  applyTo(text: string): string {
    this.#spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const pieces: string[] = [];
    let done = 0;
    let last = -1;
    for (const [start, end] of this.#spans) {
      if (end <= done) continue;
      if (start > last) pieces.push(text.slice(done, start), MASK);
      done = end;
      last = end;
    }
    pieces.push(text.slice(done));
    return pieces.join('');
  }
}
