/** The inbox over the tables `message` and `poll_cursor`. */
import type { Inbox } from "../../inbox.ts";
import type { Database } from "../database.ts";
import { factRedeliverer } from "../facts/redeliver.ts";
import { endQuarantine } from "../quarantine/entry.ts";
import { accepting } from "./accept.ts";
import { looking } from "./look.ts";
import { recording } from "./record.ts";
import { messageRereader } from "./reread.ts";

export function sqliteInbox(database: Database): Inbox {
  const { sql } = database;
  const deleteOld = sql.prepare(`
    DELETE FROM message WHERE seq IN (
      SELECT seq FROM message m WHERE received_at < ? AND state = 'read' AND NOT EXISTS (
        SELECT 1 FROM fact f WHERE f.message_id = m.id
        AND f.state NOT IN ('delivered', 'unmatched'))
      AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.message_id = m.id AND r.state = 'waiting')
      LIMIT ?)`);

  const reread = messageRereader(database);
  const redeliver = factRedeliverer(database);

  return {
    ...accepting(database),
    ...looking(database),
    ...recording(database),
    replay: (id) =>
      database.write(() => {
        redeliver.ofMessage(id);
        endQuarantine(sql, id, Date.now());
        return reread(id);
      }),
    prune: (before, limit) => database.write(() => deleteOld.run(before, limit).changes),
  };
}
