-- Papers that partners have behind a link, from the reading that named them until they are fetched
-- or given up. `told`: what Odoo heard last of why a paper is not here.
CREATE TABLE proof_link (
  id TEXT PRIMARY KEY,
  connection TEXT NOT NULL,
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  link TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'fetched', 'refused')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  told TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX proof_link_waiting ON proof_link (connection, due_at) WHERE state = 'waiting';
CREATE INDEX proof_link_refused ON proof_link (connection) WHERE state = 'refused';
CREATE INDEX proof_link_message ON proof_link (message_id);
