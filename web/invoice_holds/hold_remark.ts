/** What the control tower says of a shipment's invoice holds. */
import type { ShipmentRow } from "../control_tower/board_data.ts";
import type { Remark } from "../control_tower/shipment_remarks.ts";
import { _t } from "../translation.ts";

/** Billing's own column of the board's rows. */
type HeldRow = ShipmentRow & { open_hold_count: number };

export function holdRemark(row: ShipmentRow): Remark | null {
  const count = (row as HeldRow).open_hold_count;
  return count > 0
    ? {
        key: "hold",
        icon: "fa-lock",
        text: count === 1 ? _t("Invoice hold") : _t("%s holds", count),
        tone: "muted",
      }
    : null;
}
