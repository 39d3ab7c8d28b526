/** What is on the board: pure functions over the server's answers. */
import {
  COLUMN_KEYS,
  type BoardAnswer,
  type BoardColumn,
  type RowIssue,
  type ShipmentRow,
} from "./board_data.ts";

/** Whether two rows show the same, so that the card needs no rendering. */
function isSame(a: ShipmentRow, b: ShipmentRow): boolean {
  const keys = Object.keys(b) as (keyof ShipmentRow)[];
  return keys.every(
    (key) => a[key] === b[key] || (key === "issue" && isSameIssue(a.issue, b.issue)),
  );
}

function isSameIssue(a: ShipmentRow["issue"], b: ShipmentRow["issue"]): boolean {
  if (!a || !b) return a === b;
  const keys = Object.keys(b) as (keyof RowIssue)[];
  return keys.every((key) => a[key] === b[key]);
}

/** Each shipment by id, whatever column it is in. */
export function rowsById(columns: readonly BoardColumn[]): Map<number, ShipmentRow> {
  return new Map(columns.flatMap((column) => column.shipments).map((row) => [row.id, row]));
}

/**
 * The new columns, in the board's order, with the old row objects where nothing changed: a card
 * whose row is the same object is not rendered again.
 *
 * `changed` names the shipments about which something was learnt (a new one, or a new revision).
 */
export function merge(
  known: readonly BoardColumn[],
  answer: BoardAnswer,
): { columns: BoardColumn[]; changed: number[] } {
  const before = rowsById(known);
  const byKey = new Map(answer.columns.map((column) => [column.key, column]));
  const columns = COLUMN_KEYS.map((key) => {
    const column = byKey.get(key) ?? { key, count: 0, shipments: [] };
    const shipments = column.shipments.map((row) => {
      const old = before.get(row.id);
      return old !== undefined && isSame(old, row) ? old : row;
    });
    return { key, count: column.count, shipments };
  });
  const changed = [...rowsById(columns).values()]
    .filter((row) => before.get(row.id)?.rev !== row.rev)
    .map((row) => row.id);
  return { columns, changed };
}
