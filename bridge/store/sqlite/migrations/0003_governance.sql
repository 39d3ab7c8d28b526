-- Messages in a version of their format that nobody taught the bridge yet. Their row in `message`
-- is `dead` (nothing reads it) without a dead letter; `released_at` is NULL while one waits.

CREATE TABLE quarantine (
  message_id TEXT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  connection TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  path TEXT,
  hint TEXT,
  created_at INTEGER NOT NULL,
  released_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX quarantine_open ON quarantine (connection, created_at) WHERE released_at IS NULL;

-- Which version of a partner's mapping was put into use, when and by whom; the last one counts.
-- Rows are only added: this is the record of what read which message.
CREATE TABLE partner_use (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  text TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX partner_use_name ON partner_use (name, id);

-- A slow partner's backlog is skipped, or found, without looking at the messages themselves.
DROP INDEX message_unread;
CREATE INDEX message_unread ON message (seq, connection) WHERE state = 'received';
CREATE INDEX message_unread_of ON message (connection, seq) WHERE state = 'received';
