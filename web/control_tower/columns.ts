/** How the columns look and what an empty one says. Their order is the order of urgency. */
import { _t } from "../translation.ts";
import { COLUMN_KEYS, type ColumnKey } from "./board_data.ts";

export interface ColumnLook {
  key: ColumnKey;
  title: string;
  icon: string;
  /** Class of the column's colour. */
  tone: string;
  empty: string;
}

/** The looks in the user's language; call it once the translations are loaded. */
export function columnLooks(): Record<ColumnKey, ColumnLook> {
  const looks: Record<ColumnKey, Omit<ColumnLook, "key">> = {
    exception: {
      title: _t("Exception"),
      icon: "fa-exclamation-triangle",
      tone: "o_mp_tone_danger",
      empty: _t("No exceptions"),
    },
    late: {
      title: _t("Late"),
      icon: "fa-clock-o",
      tone: "o_mp_tone_warning",
      empty: _t("Nothing is late"),
    },
    silent: {
      title: _t("Silent"),
      icon: "fa-volume-off",
      tone: "o_mp_tone_silent",
      empty: _t("Every shipment was heard of"),
    },
    in_transit: {
      title: _t("In transit"),
      icon: "fa-truck",
      tone: "o_mp_tone_info",
      empty: _t("Nothing is on the road"),
    },
    delivered_today: {
      title: _t("Delivered today"),
      icon: "fa-check",
      tone: "o_mp_tone_success",
      empty: _t("Nothing yet today"),
    },
    waiting: {
      title: _t("Waiting"),
      icon: "fa-hourglass-o",
      tone: "o_mp_tone_muted",
      empty: _t("Nothing waits for a carrier"),
    },
  };
  const entries = COLUMN_KEYS.map((key) => [key, { key, ...looks[key] }]);
  return Object.fromEntries(entries) as Record<ColumnKey, ColumnLook>;
}
