type Listener = (message: { params: object }) => void;

/** An inspector session that answers as the test says; it keeps what it was asked. */
export class FakeSession {
  readonly calls: string[] = [];
  readonly #listeners = new Map<string, Listener>();
  readonly #answers = new Map<string, (thrown: Error | null) => void>();
  failing: string | undefined;

  connectToMainThread() {
    this.#call('connect');
  }
  disconnect() {
    this.#call('disconnect');
  }
  post(method: string, callback?: (thrown: Error | null) => void) {
    this.#call(method);
    if (callback) this.#answers.set(method, callback);
  }
  on(event: string, listener: Listener) {
    this.#listeners.set(event, listener);
  }
  emit(event: string, params: object) {
    this.#listeners.get(event)?.({ params });
  }
  answer(method: string, thrown: Error | null = null) {
    this.#answers.get(method)?.(thrown);
  }
  #call(name: string) {
    this.calls.push(name);
    if (this.failing === name) throw new Error(`${name} failed`);
  }
}
