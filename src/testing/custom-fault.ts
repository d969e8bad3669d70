/** A custom fault, such as a server that answers with 500. */
export interface CustomFault {
  readonly name: string;
  /** Starts the fault. The check must be `error` from then on. */
  inject(): unknown;
  /** Ends it. */
  heal(): unknown;
}

/** How to freeze the real server, if the caller can: SIGSTOP and SIGCONT. */
export interface Freezer {
  freeze(): unknown;
  thaw(): unknown;
}
