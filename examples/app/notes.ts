import express, { type Router } from 'express';
import type { Pool } from 'pg';

/** A row of the table `notes`, and what the API answers. */
interface Note {
  id: number;
  text: string;
  createdAt: Date;
}

const maxLength = 1000;
const columns = 'id, text, created_at AS "createdAt"';

/** The text of a new note, or undefined where the body is not `{ "text": "…" }`. */
function readText(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('text' in body)) return undefined;
  const { text } = body;
  // PostgreSQL cannot store a NUL character.
  const usable = typeof text === 'string' && text.trim() !== '' && !text.includes('\0');
  return usable && text.length <= maxLength ? text : undefined;
}

/** `GET /` lists the latest notes, `POST /` adds one, `GET /:id` shows one. */
export function notesRouter(pool: Pool): Router {
  const router = express.Router();

  router.get('/', async (_request, response) => {
    const { rows } = await pool.query<Note>(`SELECT ${columns} FROM notes ORDER BY id DESC LIMIT 100`);
    response.json(rows);
  });

  router.post('/', express.json({ limit: '16kb' }), async (request, response) => {
    const text = readText(request.body);
    if (text === undefined) {
      const error = `Expected a JSON body {"text": "…"} with 1 to ${maxLength} characters, as application/json`;
      response.status(400).json({ error });
      return;
    }
    const { rows } = await pool.query<Note>(`INSERT INTO notes (text) VALUES ($1) RETURNING ${columns}`, [
      text,
    ]);
    response.status(201).location(`/notes/${rows[0]?.id}`).json(rows[0]);
  });

  router.get('/:id', async (request, response) => {
    const { id } = request.params;
    // Nine digits always fit into PostgreSQL's integer.
    const { rows } = /^\d{1,9}$/.test(id)
      ? await pool.query<Note>(`SELECT ${columns} FROM notes WHERE id = $1`, [id])
      : { rows: [] };
    if (rows[0] === undefined) response.status(404).json({ error: `There is no note ${id}` });
    else response.json(rows[0]);
  });

  return router;
}

/** Deletes the notes that are older than this many days. @returns how many there were */
export async function pruneNotes(pool: Pool, days: number): Promise<number> {
  const text = 'DELETE FROM notes WHERE created_at < now() - make_interval(days => $1)';
  return (await pool.query(text, [days])).rowCount ?? 0;
}
