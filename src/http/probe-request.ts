/** A request as a `details` policy sees it, the same for every kind of server. Plain data. */
export interface ProbeRequest {
  readonly method: string;
  /** What the prober sent: path and query. */
  readonly target: string;
  /** By lower-case name; several values of one name are joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address of the peer; undefined where the server does not know it. */
  readonly remoteAddress: string | undefined;
  /** True if the peer uses TLS to this server. False behind a proxy that terminates TLS. */
  readonly encrypted: boolean;
}
