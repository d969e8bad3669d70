/** So many in one turn of the event loop, and the rest waits for the next. */
const MOST_IN_A_TURN = 1000;

/** From this many on the turn is watched; not from the first, because an immediate costs more than the rest. */
const WATCHED_FROM = 500;

/**
 * Keeps work that is started from promises, and starts itself again, from starving timers and I/O: a chain of promises
 * alone never lets the event loop turn.
 */
export class TurnLimit {
  #count = 0;
  #isWatching = false;

  /** Counts a start. Returns true if it may happen now; if not, use `setImmediate`. */
  admits(): boolean {
    this.#count++;
    if (this.#count >= WATCHED_FROM && !this.#isWatching) this.#watch();
    return this.#count <= MOST_IN_A_TURN;
  }

  #watch(): void {
    this.#isWatching = true;
    setImmediate(() => {
      this.#isWatching = false;
      this.#count = 0;
    });
  }
}
