/** Keys that every board has: "/" searches, "?" says which keys there are, arrows begin at the board. */
import { useExternalListener } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { _t } from "../translation.ts";
import { directionOf, isChord, isTyping } from "./keys.ts";
import { KeysDialog, type KeyHelp } from "./keys_dialog/keys_dialog.ts";

export interface BoardKeys {
  root: { el: HTMLElement | null };
  /** What the board's own keys do, for the help. */
  help: () => KeyHelp[];
  /** Gives the focus to what the arrows then move from; a board without such things has none. */
  focusFirst?: () => void;
}

/** Call it in the board's setup. Keys work wherever the focus is, unless somebody types. */
export function useBoardKeys({ root, help, focusFirst }: BoardKeys): void {
  const dialog = useService("dialog");
  const keys: Record<string, () => boolean> = {
    "/": () => {
      const input = root.el
        ?.closest(".o_mp_screen")
        ?.querySelector<HTMLElement>(".o_searchview_input");
      input?.focus();
      return input !== null && input !== undefined;
    },
    "?": () => {
      dialog.add(KeysDialog, { keys: [...help(), ...COMMON()] });
      return true;
    },
  };
  const onKeydown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isChord(event) || isTyping(event.target)) return;
    if (document.querySelector(".o_dialog") !== null) return; // it has the keyboard
    const act = keys[event.key];
    const begins = event.target === document.body && directionOf(event.key) !== null;
    if (act?.() === true) event.preventDefault();
    else if (begins && focusFirst !== undefined) {
      event.preventDefault();
      focusFirst();
    }
  };
  useExternalListener(window, "keydown", (event) => onKeydown(event as KeyboardEvent));
}

/** Read when they are shown, once the translations are loaded. */
const COMMON = (): KeyHelp[] => [
  { keys: ["/"], text: _t("Search") },
  { keys: ["?"], text: _t("Show these keys") },
];

/** Moving through what the board shows. */
export function movingHelp(): KeyHelp[] {
  return [
    { keys: ["j", "↓"], text: _t("Next") },
    { keys: ["k", "↑"], text: _t("Previous") },
  ];
}
