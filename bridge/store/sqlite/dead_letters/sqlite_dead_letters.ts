/** The dead letters over the table `dead_letter`. */
import type { DeadLetters, Stage } from "../../dead_letters.ts";
import { appendAudit } from "../audit/append.ts";
import type { Database } from "../database.ts";
import { factRedeliverer } from "../facts/redeliver.ts";
import { messageRereader } from "../inbox/reread.ts";
import { replyResender } from "../replies/insert.ts";
import { type DeadLetterRow, findDeadLetters, toDeadLetter } from "./find.ts";
import { insertDeadLetter } from "./insert.ts";

export function sqliteDeadLetters(database: Database): DeadLetters {
  const { sql, vault } = database;
  const selectOne = sql.prepare<[number], DeadLetterRow>("SELECT * FROM dead_letter WHERE id = ?");
  const countOpen = sql.prepare<
    [],
    { connection: string; stage: Stage; count: number; oldest: number }
  >(`
    SELECT connection, stage, count(*) AS count, min(created_at) AS oldest FROM dead_letter
    WHERE replayed_at IS NULL GROUP BY connection, stage`);
  const markReplayed = sql.prepare("UPDATE dead_letter SET replayed_at = ? WHERE id = ?");
  const reread = messageRereader(database);
  const redeliver = factRedeliverer(database);
  const resend = replyResender(database);

  function putBack({ stage, message_id, connection, fact_key }: DeadLetterRow): void {
    if (stage === "deliver") redeliver.dead(connection, fact_key);
    else if (message_id === null) return;
    else if (stage === "normalize") reread(message_id);
    else resend(message_id);
  }

  return {
    list: (filter) =>
      database.read(() => findDeadLetters(sql, filter).map((row) => toDeadLetter(row, vault))),
    get: (id) =>
      database.read(() => {
        const row = selectOne.get(id);
        return row === undefined ? null : toDeadLetter(row, vault);
      }),
    count: () => database.read(() => countOpen.all()),
    replay: (filter, at, by) =>
      database.write(() => {
        // An order is sent again from Odoo; a reply from here.
        const rows = findDeadLetters(sql, { ...filter, state: "open" }).filter(
          (row) => row.stage !== "outbound" || row.message_id !== null,
        );
        for (const row of rows) {
          putBack(row);
          markReplayed.run(at, row.id);
        }
        const ids = rows.map((row) => row.id);
        if (ids.length > 0) {
          appendAudit(database, { at, by, action: "dead letters replayed", detail: { ids } });
        }
        return ids;
      }),
    write: (letter) => database.write(() => insertDeadLetter(database, letter)),
  };
}
