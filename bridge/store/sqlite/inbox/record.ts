/** What reading made of a message. */
import type { Finding } from "../../../canonical/reading.ts";
import type { Inbox } from "../../inbox.ts";
import type { Database } from "../database.ts";
import { insertDeadLetter } from "../dead_letters/insert.ts";
import { factInserter, factWithdrawer } from "../facts/insert.ts";
import { insertQuarantine } from "../quarantine/entry.ts";
import { insertReplies } from "../replies/insert.ts";
import { placeOfMessage } from "./message_row.ts";

export function recording(
  database: Database,
): Pick<Inbox, "recordPart" | "recordReading" | "recordUnreadable" | "recordQuarantined"> {
  const { sql, vault } = database;
  const insertFacts = factInserter(database);
  const withdrawFacts = factWithdrawer(database);
  // A message that was set aside half-way keeps the mapping that its facts in flight were read by.
  const markRead = sql.prepare<unknown[], { connection: string }>(`
    UPDATE message SET state = ?, mapping = coalesce(?, mapping), findings = ?, read_at = ?
    WHERE id = ? RETURNING connection`);
  const markPass = sql.prepare("UPDATE message SET mapping = ?, pass = ? WHERE id = ?");

  const sealedFindings = (id: string, findings: readonly Finding[]) =>
    vault.sealText(placeOfMessage(id, "findings"), JSON.stringify(findings));

  return {
    recordPart: (id, mapping, facts, pass = 1) =>
      database.write(() => {
        markPass.run(mapping, pass, id);
        return insertFacts(id, facts, pass);
      }),
    recordReading: (id, mapping, facts, findings, at, replies = [], pass = 1) =>
      database.write(() => {
        const { inserted, duplicates } = insertFacts(id, facts, pass);
        // The first reading has nothing to withdraw.
        const withdrawn = pass === 1 ? 0 : withdrawFacts(id, pass);
        if (pass > 1) markPass.run(mapping, pass, id);
        insertReplies(database, id, replies, at);
        markRead.get("read", mapping, sealedFindings(id, findings), at, id);
        return { inserted: inserted + withdrawn, duplicates };
      }),
    recordUnreadable: (id, problem, at) =>
      database.write(() => {
        const connection = markRead.get("dead", null, "[]", at, id)?.connection ?? "";
        const letter = { connection, stage: "normalize" as const, messageId: id, factKey: null };
        insertDeadLetter(database, {
          ...letter,
          orderId: null,
          problem,
          attempts: 1,
          createdAt: at,
        });
      }),
    recordQuarantined: (id, problem, at) =>
      database.write(() => {
        markRead.get("dead", null, "[]", at, id);
        insertQuarantine(database, id, problem, at);
      }),
  };
}
