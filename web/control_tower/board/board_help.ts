/** What the control tower's keys do. */
import { movingHelp } from "../../components/board_keys.ts";
import type { KeyHelp } from "../../components/keys_dialog/keys_dialog.ts";
import { _t } from "../../translation.ts";

export function towerKeys(): KeyHelp[] {
  return [
    ...movingHelp(),
    { keys: ["←", "→"], text: _t("To the column beside") },
    { keys: ["Enter"], text: _t("Open the shipment; once more: go into it") },
    { keys: ["a"], text: _t("Take it over: mine") },
    { keys: ["e"], text: _t("Acknowledge: somebody deals with it") },
    { keys: ["s"], text: _t("Snooze until the next event") },
    { keys: ["x"], text: _t("Select, or no longer") },
    { keys: ["Esc"], text: _t("Close the shipment") },
  ];
}
