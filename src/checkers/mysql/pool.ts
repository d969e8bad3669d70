/** The part of a mysql2 pool that is used here, with promises or with callbacks. Structural: no type of `mysql2` is needed. */
export interface MysqlPool {
  getConnection(...args: never[]): unknown;
}
