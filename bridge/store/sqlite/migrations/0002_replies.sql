-- Messages back to a sender (997, CONTRL, APERAK), from the reading that called for them until
-- they are sent. `settled_at` is NULL while one waits.

CREATE TABLE reply (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL,
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  body BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  UNIQUE (message_id, name)
) STRICT;
CREATE INDEX reply_waiting ON reply (connection, due_at) WHERE state = 'waiting';
CREATE INDEX reply_dead ON reply (connection) WHERE state = 'dead';
