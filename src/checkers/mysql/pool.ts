/** The part of a mysql2 pool that is used here, with promises or with callbacks. Structural, so that no types of `mysql2` are needed. */
export interface MysqlPool {
  getConnection(...args: never[]): unknown;
}
