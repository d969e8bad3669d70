-- Up Migration
-- A statement that waits for a lock on a busy table makes all others wait behind it: give up early, and retry.
SET LOCAL lock_timeout = '5s';
-- The bounds of the API, for whatever writes past it.
ALTER TABLE notes ADD CONSTRAINT notes_text_length CHECK (char_length(text) BETWEEN 1 AND 1000);

-- Down Migration
SET LOCAL lock_timeout = '5s';
ALTER TABLE notes DROP CONSTRAINT notes_text_length;
