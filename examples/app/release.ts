/** The commands of a release, run once before new code gets traffic: `node build/examples/app/release.js migrate`. */
import { readReleaseConfig } from './config.ts';
import { migrate, rollback, status } from './migrate.ts';
import { releaseCommand } from './migrations.ts';

const usage = `Usage:
  ${releaseCommand} migrate              run every migration that the database lacks
  ${releaseCommand} rollback <version>   undo the migrations after that version, such as 1; 0 undoes all
  ${releaseCommand} status               list the migrations, and which of them the database has
DATABASE_URL is the database; DATABASE_SSL=true verifies its certificate. Where DATABASE_URL goes through a pooler,
MIGRATE_DATABASE_URL is the address of the server itself.`;

/** Wrong use of the command line. */
class UsageError extends Error {}

function list(title: string, names: readonly string[], none: string): void {
  console.log(names.length === 0 ? none : `${title} ${names.join(', ')}`);
}

async function showStatus(): Promise<void> {
  const migrations = await status(readReleaseConfig(process.env));
  for (const { name, appliedAt, known } of migrations) {
    const note = known ? '' : ', not part of this code';
    console.log(`${name}: ${appliedAt === undefined ? 'pending' : `run ${appliedAt.toISOString()}`}${note}`);
  }
}

async function execute(command: string | undefined, values: readonly string[]): Promise<void> {
  if (command === 'migrate' && values.length === 0) {
    const done = await migrate(readReleaseConfig(process.env));
    return list('Run:', done, 'The database lacks no migration.');
  }
  if (command === 'rollback' && values.length === 1 && /^\d{1,4}$/.test(values[0] ?? '')) {
    const undone = await rollback(readReleaseConfig(process.env), Number(values[0]));
    return list('Undone:', undone, 'There is nothing to undo.');
  }
  if (command === 'status' && values.length === 0) return showStatus();
  throw new UsageError(usage);
}

const [command, ...values] = process.argv.slice(2);
try {
  await execute(command, values);
} catch (error) {
  const { message, code } = error as Error & { code?: string };
  console.error(error instanceof UsageError ? message : `${command} failed: ${message || code}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
