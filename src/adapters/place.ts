/** Where to listen. */
export type Place =
  | { readonly socketPath: string }
  | { readonly socketPath: undefined; readonly port: number; readonly host: string };
