-- Up Migration
-- Whoever waits for a lock on a busy table makes everybody else wait behind him: give up soon, and be run again.
SET LOCAL lock_timeout = '5s';
-- The bounds of the API, for whatever writes past it.
ALTER TABLE notes ADD CONSTRAINT notes_text_length CHECK (char_length(text) BETWEEN 1 AND 1000);

-- Down Migration
SET LOCAL lock_timeout = '5s';
ALTER TABLE notes DROP CONSTRAINT notes_text_length;
