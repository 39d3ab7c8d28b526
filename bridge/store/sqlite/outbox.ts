/** The outbox over the table `outbox_item`. */
import type { OutboxItem } from "../../canonical/exchange.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { OutboxRow, Outbox, OutboxState } from "../outbox.ts";
import type { Retention } from "../store.ts";
import type { Vault } from "../vault.ts";
import type { Database } from "./database.ts";
import type { SealedTable } from "./resealing.ts";

interface Row {
  connection: string;
  id: number;
  item: string;
  lease_until: number;
  state: OutboxState;
  receipt: string | null;
}

function placeOfItem(connection: unknown, id: unknown, column: string): string {
  return `outbox_item.${column}/${String(connection)}/${String(id)}`;
}

export const sealedItems: SealedTable = {
  table: "outbox_item",
  key: ["connection", "id"],
  columns: ["item", "receipt"],
  place: (row, column) => placeOfItem(row["connection"], row["id"], column),
};

export function sqliteOutbox(database: Database): Outbox {
  const { sql, vault } = database;
  // A new key under the same id is another item (Odoo was restored): its old receipt is void. So is
  // that of one whose end Odoo knows: an operator's word there sends it again. An event that begins anew
  // was put back to be told once more, though the end that Odoo knows was not heard of here.
  const upsert = sql.prepare<unknown[], Row>(`
    INSERT INTO outbox_item (connection, id, idempotency_key, item, lease_until, state)
    VALUES (?, ?, ?, ?, ?, 'claimed')
    ON CONFLICT (connection, id) DO UPDATE SET
      item = excluded.item,
      lease_until = excluded.lease_until,
      receipt = iif(idempotency_key = excluded.idempotency_key AND state <> 'done' AND NOT ?, receipt, NULL),
      state = iif(idempotency_key = excluded.idempotency_key AND state <> 'done' AND NOT ?
                  AND receipt IS NOT NULL, 'answered', 'claimed'),
      idempotency_key = excluded.idempotency_key
    RETURNING connection, id, item, lease_until, state, receipt`);
  const saveReceipt = sql.prepare(
    "UPDATE outbox_item SET state = 'answered', receipt = ? WHERE connection = ? AND id = ?",
  );
  const saveEnd = sql.prepare("UPDATE outbox_item SET state = ? WHERE connection = ? AND id = ?");
  const selectOpen = sql.prepare<[string, number], Row>(`
    SELECT connection, id, item, lease_until, state, receipt FROM outbox_item
    WHERE connection = ? AND state IN ('claimed', 'answered') AND lease_until > ? ORDER BY id`);

  return {
    recordClaim: (connection, items, leaseUntil) =>
      database.write(() =>
        items.flatMap((item) => {
          const key = item.idempotency_key;
          const place = placeOfItem(connection, item.id, "item");
          const text = vault.sealText(place, JSON.stringify(item));
          const isAnew = Number(item.kind === "event" && item.attempt === 1);
          const row = upsert.get(connection, item.id, key, text, leaseUntil, isAnew, isAnew);
          return row === undefined ? [] : [toItem(row, vault)];
        }),
      ),
    recordReceipt: (connection, id, receipt) =>
      database.write(() => {
        const place = placeOfItem(connection, id, "receipt");
        saveReceipt.run(vault.sealText(place, JSON.stringify(receipt)), connection, id);
      }),
    recordEnd: (connection, id, state) =>
      database.write(() => void saveEnd.run(state, connection, id)),
    open: (connection, now) =>
      database.read(() => selectOpen.all(connection, now).map((row) => toItem(row, vault))),
  };
}

/** Gives what forgets items that have their answer, or whose lease ended long ago. */
export function outboxPruner({ sql }: Database) {
  const prune = sql.prepare<[number, number]>(`
    DELETE FROM outbox_item WHERE (connection, id) IN (
      SELECT connection, id FROM outbox_item WHERE lease_until < ? LIMIT ?)`);
  return (before: Retention, limit: number) => prune.run(before.settled, limit).changes;
}

function toItem(row: Row, vault: Vault): OutboxRow {
  const { connection, id, receipt } = row;
  const text = (column: string, value: string) =>
    JSON.parse(vault.openText(placeOfItem(connection, id, column), value)) as unknown;
  return {
    connection: row.connection,
    item: text("item", row.item) as OutboxItem,
    leaseUntil: row.lease_until,
    state: row.state,
    receipt: receipt === null ? null : (text("receipt", receipt) as OrderReceipt),
  };
}
