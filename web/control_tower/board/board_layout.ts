/** Columns or a list, as this browser had it last. */
import { browser } from "@web/core/browser/browser";

export const LAYOUTS = ["columns", "list"] as const;
export type BoardLayout = (typeof LAYOUTS)[number];

const SETTING = "milepost.control_tower.layout";

export function rememberedLayout(): BoardLayout {
  return browser.localStorage.getItem(SETTING) === "list" ? "list" : "columns";
}

export function rememberLayout(layout: BoardLayout): void {
  browser.localStorage.setItem(SETTING, layout);
}
