-- Instants are epoch milliseconds. Lists and maps are JSON in TEXT columns.

CREATE TABLE property (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  channel TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  content_type TEXT NOT NULL,
  payload BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  attributes TEXT NOT NULL,
  traceparent TEXT,
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('received', 'read', 'dead')),
  mapping TEXT,
  findings TEXT NOT NULL DEFAULT '[]',
  read_at INTEGER,
  UNIQUE (connection, dedupe_key)
) STRICT;
CREATE INDEX message_unread ON message (seq) WHERE state = 'received';
CREATE INDEX message_received_at ON message (received_at);

CREATE TABLE fact (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  connection TEXT NOT NULL,
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  lane_hash INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  body TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'waiting', 'in_flight', 'delivered', 'unmatched', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  lease_until INTEGER,
  code TEXT,
  reason TEXT,
  shipments TEXT NOT NULL DEFAULT '[]',
  received_at INTEGER NOT NULL,
  settled_at INTEGER,
  UNIQUE (connection, key)
) STRICT;
CREATE INDEX fact_ready ON fact (lane, connection, priority, seq) WHERE state = 'ready';
CREATE INDEX fact_waiting ON fact (due_at) WHERE state = 'waiting';
CREATE INDEX fact_in_flight ON fact (lease_until) WHERE state = 'in_flight';
CREATE INDEX fact_message ON fact (message_id);

CREATE TABLE poll_cursor (
  connection TEXT NOT NULL PRIMARY KEY,
  cursor TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbound_order (
  connection TEXT NOT NULL,
  id INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  item TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'answered', 'done', 'returned')),
  receipt TEXT,
  PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbound_order_open ON outbound_order (connection) WHERE state IN ('claimed', 'answered');

CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('normalize', 'deliver', 'outbound')),
  message_id TEXT,
  fact_key TEXT,
  order_id INTEGER,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  path TEXT,
  hint TEXT,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  replayed_at INTEGER
) STRICT;
CREATE INDEX dead_letter_open ON dead_letter (connection, stage) WHERE replayed_at IS NULL;

CREATE TABLE pause (
  scope TEXT NOT NULL,
  connection TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  hint TEXT,
  since INTEGER NOT NULL,
  PRIMARY KEY (scope, connection)
) STRICT, WITHOUT ROWID;
