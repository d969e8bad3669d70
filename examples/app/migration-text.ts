/** What a migration may not contain, because all migrations of a release are one transaction. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from './migrations.ts';

/** Comments, strings, quoted names and dollar-quoted bodies of functions: nothing in them is a statement. */
const opaque =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[a-z_]\w*)?\$)[\s\S]*?\1/gi;

/** Ends the transaction half-way, and with it the lock and the guarantee of all or nothing. */
const endsTransaction =
  /^(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b)|ABORT|PREPARE\s+TRANSACTION)\b/i;

/** Outlives the transaction, on a connection that a pooler gives to the application next. */
const setsSession = /^(?:SET(?!\s+(?:LOCAL|CONSTRAINTS|TRANSACTION)\b)|RESET|DISCARD|LISTEN)\b/i;

/**
 * Refuses migrations that would end the one transaction of a release, or leave something behind on its connection.
 * @throws Error that names the file and the statement; nothing has been touched then
 */
export function refuseUntransactional(folder: string, migrations: readonly Migration[]): void {
  const issues = migrations.flatMap(({ name }) => {
    const file = `${name}.sql`;
    return issuesOf(readFileSync(join(folder, file), 'utf8')).map((issue) => `${file}: ${issue}`);
  });
  if (issues.length > 0) throw new Error(issues.join('\n'));
}

/** The statements of this SQL that are not allowed, each with the reason. */
export function issuesOf(sql: string): string[] {
  const plain = sql.replace(opaque, ' ');
  // The body of an SQL-standard function has an END of its own.
  const hasAtomicBody = /\bBEGIN\s+ATOMIC\b/i.test(plain);
  const issues: string[] = [];
  for (const statement of plain.split(';').map((part) => part.trim().replace(/\s+/g, ' '))) {
    const shown = statement.slice(0, 60);
    if (endsTransaction.test(statement) && !(hasAtomicBody && /^END\b/i.test(statement)))
      issues.push(
        `expected no transaction control, found \`${shown}\`: all migrations of a release are one transaction`,
      );
    else if (setsSession.test(statement))
      issues.push(`expected SET LOCAL, found \`${shown}\`: it would stay on a pooled connection`);
  }
  return issues;
}
