/** A request as a `details` policy sees it: the same whatever server it came through. Plain data. */
export interface ProbeRequest {
  readonly method: string;
  /** What the prober sent: path and query. */
  readonly target: string;
  /** By lower-case name; several values of one name are joined as HTTP joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The address of the peer; undefined where the server does not know it. */
  readonly remoteAddress: string | undefined;
  /** True if the peer speaks TLS to this server. Behind a proxy that ends TLS it is false. */
  readonly encrypted: boolean;
}
