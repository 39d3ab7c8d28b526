/** Transport orders between their claim in Odoo and their acknowledgement. */
import type { OutboxItem } from "../../canonical/exchange.ts";
import type { OrderReceipt } from "../../sources/source.ts";
import type { OrderRow, Orders, OrderState } from "../store.ts";
import type { Database } from "./database.ts";

interface Row {
  connection: string;
  item: string;
  lease_until: number;
  state: OrderState;
  receipt: string | null;
}

export function sqliteOrders(database: Database): Orders {
  const { sql } = database;
  // A new key under the same id is another order (Odoo was restored): its old receipt is void. So is
  // that of one whose end Odoo knows: an operator's word there sends it again.
  const upsert = sql.prepare<unknown[], Row>(`
    INSERT INTO outbound_order (connection, id, idempotency_key, item, lease_until, state)
    VALUES (?, ?, ?, ?, ?, 'claimed')
    ON CONFLICT (connection, id) DO UPDATE SET
      item = excluded.item,
      lease_until = excluded.lease_until,
      receipt = iif(idempotency_key = excluded.idempotency_key AND state <> 'done', receipt, NULL),
      state = iif(idempotency_key = excluded.idempotency_key AND state <> 'done'
                  AND receipt IS NOT NULL, 'answered', 'claimed'),
      idempotency_key = excluded.idempotency_key
    RETURNING connection, item, lease_until, state, receipt`);
  const saveReceipt = sql.prepare(
    "UPDATE outbound_order SET state = 'answered', receipt = ? WHERE connection = ? AND id = ?",
  );
  const saveEnd = sql.prepare(
    "UPDATE outbound_order SET state = ? WHERE connection = ? AND id = ?",
  );
  const selectOpen = sql.prepare<[string, number], Row>(`
    SELECT connection, item, lease_until, state, receipt FROM outbound_order
    WHERE connection = ? AND state IN ('claimed', 'answered') AND lease_until > ? ORDER BY id`);

  return {
    recordClaim: (connection, items, leaseUntil) =>
      database.write(() =>
        items.flatMap((item) => {
          const key = item.idempotency_key;
          const text = JSON.stringify(item);
          const row = upsert.get(connection, item.id, key, text, leaseUntil);
          return row === undefined ? [] : [toOrder(row)];
        }),
      ),
    recordReceipt: (connection, id, receipt) =>
      database.write(() => void saveReceipt.run(JSON.stringify(receipt), connection, id)),
    recordEnd: (connection, id, state) =>
      database.write(() => void saveEnd.run(state, connection, id)),
    open: (connection, now) => database.read(() => selectOpen.all(connection, now).map(toOrder)),
  };
}

function toOrder(row: Row): OrderRow {
  return {
    connection: row.connection,
    item: JSON.parse(row.item) as OutboxItem,
    leaseUntil: row.lease_until,
    state: row.state,
    receipt: row.receipt === null ? null : (JSON.parse(row.receipt) as OrderReceipt),
  };
}
