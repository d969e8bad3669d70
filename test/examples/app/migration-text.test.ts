import { describe, expect, test } from 'vitest';
import { issuesOf } from '../../../examples/app/migration-text.ts';

describe('the text of a migration', () => {
  test.each([
    'BEGIN; CREATE TABLE a (id integer); COMMIT;',
    'begin transaction',
    'START TRANSACTION;',
    'SELECT 1; END',
    'SELECT 1;\n-- done\nCOMMIT AND CHAIN;',
    'ROLLBACK;',
    'ROLLBACK WORK;',
    '/* why */ ABORT;',
    "PREPARE TRANSACTION 'x';",
  ])('may not end the transaction: %s', (sql) => {
    expect(issuesOf(sql).join()).toContain('expected no transaction control, found `');
  });

  test.each(["SET lock_timeout = '5s';", 'SET SESSION a.b = 1', 'SET ROLE x', 'RESET ALL', 'LISTEN x'])(
    'may not leave anything on the connection: %s',
    (sql) => {
      expect(issuesOf(sql).join()).toContain('expected SET LOCAL, found `');
    },
  );

  test.each([
    "SET LOCAL lock_timeout = '5s'; SET CONSTRAINTS ALL DEFERRED; SET TRANSACTION READ ONLY",
    "INSERT INTO t VALUES ('a; COMMIT; ''b; END'), (E'it\\'s; COMMIT;'); -- COMMIT;",
    '/* ; COMMIT; */ CREATE TABLE "a;COMMIT;" (id integer);',
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN PERFORM 1; COMMIT; END; $body$;',
    'DO $$ BEGIN PERFORM 1; END $$;',
    'CREATE FUNCTION f() RETURNS integer BEGIN ATOMIC SELECT 1; SELECT 2; END;',
    'SAVEPOINT a; ROLLBACK TO a; ROLLBACK WORK TO SAVEPOINT a; RELEASE a;',
    'UPDATE t SET a = 1; ALTER TABLE t ALTER a SET NOT NULL; DELETE FROM endings; ALTER TYPE t SET (x = 1)',
  ])('may hold what only looks like it: %s', (sql) => {
    expect(issuesOf(sql)).toEqual([]);
  });
});
