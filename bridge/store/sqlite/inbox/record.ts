/** What reading made of a message. */
import type { Finding } from "../../../canonical/reading.ts";
import type { Inbox } from "../../inbox.ts";
import type { Database } from "../database.ts";
import { insertDeadLetter } from "../dead_letters/insert.ts";
import { factInserter } from "../facts/insert.ts";
import { insertQuarantine } from "../quarantine/entry.ts";
import { insertReplies } from "../replies/insert.ts";
import { placeOfMessage } from "./message_row.ts";

export function recording(
  database: Database,
): Pick<Inbox, "recordPart" | "recordReading" | "recordUnreadable" | "recordQuarantined"> {
  const { sql, vault } = database;
  const insertFacts = factInserter(database);
  // A message that was set aside half-way keeps the mapping that its facts in flight were read by.
  const markRead = sql.prepare<unknown[], { connection: string }>(`
    UPDATE message SET state = ?, mapping = coalesce(?, mapping), findings = ?, read_at = ?
    WHERE id = ? RETURNING connection`);
  const markMapping = sql.prepare("UPDATE message SET mapping = ? WHERE id = ?");

  const sealedFindings = (id: string, findings: readonly Finding[]) =>
    vault.sealText(placeOfMessage(id, "findings"), JSON.stringify(findings));

  return {
    recordPart: (id, mapping, facts) =>
      database.write(() => {
        markMapping.run(mapping, id);
        return insertFacts(id, facts);
      }),
    recordReading: (id, mapping, facts, findings, at, replies = []) =>
      database.write(() => {
        const counts = insertFacts(id, facts);
        insertReplies(database, id, replies, at);
        markRead.get("read", mapping, sealedFindings(id, findings), at, id);
        return counts;
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
