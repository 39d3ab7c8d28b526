-- A message that is read again withdraws what it no longer says.
-- `pass` counts the readings of a message, and tells of a fact which of them gave it last.
-- `withdrawn`: no message gives the fact any more. `last_word` is the key of the retraction that
-- said so last, or took that back. `about`: this row is such a retraction, of the fact with that key.
ALTER TABLE message ADD COLUMN pass INTEGER NOT NULL DEFAULT 1;
ALTER TABLE fact ADD COLUMN pass INTEGER NOT NULL DEFAULT 1;
ALTER TABLE fact ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fact ADD COLUMN last_word TEXT;
ALTER TABLE fact ADD COLUMN about TEXT;
-- The further messages that give a fact, beside the one of its row.
CREATE TABLE fact_again (
  fact_seq INTEGER NOT NULL REFERENCES fact (seq) ON DELETE CASCADE,
  message_seq INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
  pass INTEGER NOT NULL,
  PRIMARY KEY (fact_seq, message_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_again_message ON fact_again (message_seq);
