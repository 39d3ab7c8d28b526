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
    { keys: ["O"], text: _t("Order the transport of the open shipment") },
    { keys: ["c"], text: _t("Ask its carrier") },
    { keys: ["n"], text: _t("Write a note on it") },
    { keys: ["m"], text: _t("Tell a milestone") },
    { keys: ["t"], text: _t("Tell an ETA") },
    { keys: ["w"], text: _t("Tell what is wrong") },
    { keys: ["p"], text: _t("Supply its proof of delivery") },
    { keys: ["Esc"], text: _t("Close the shipment") },
  ];
}
