/** The inbox over the tables `message` and `poll_cursor`. */
import type { Inbox } from "../../inbox.ts";
import { appendAudit } from "../audit/append.ts";
import type { Database } from "../database.ts";
import { factRedeliverer } from "../facts/redeliver.ts";
import { endQuarantine } from "../quarantine/entry.ts";
import { accepting } from "./accept.ts";
import { findMessages } from "./find.ts";
import { looking } from "./look.ts";
import { recording } from "./record.ts";
import { messageRereader } from "./reread.ts";

export function sqliteInbox(database: Database): Inbox {
  const { sql } = database;
  const reread = messageRereader(database);
  const redeliver = factRedeliverer(database);

  return {
    ...accepting(database),
    ...looking(database),
    find: (filter, limit) => database.read(() => findMessages(sql, filter, limit)),
    ...recording(database),
    replay: (id, at, by, deliver = true) =>
      database.write(() => {
        if (deliver) redeliver.ofMessage(id);
        endQuarantine(sql, id, at);
        if (!reread(id)) return false;
        appendAudit(database, { at, by, action: "message replayed", detail: { id } });
        return true;
      }),
  };
}
