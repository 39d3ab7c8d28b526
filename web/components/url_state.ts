/** What a board shows, in the browser's address: it can be reloaded, sent to a colleague, gone back from. */
import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { onWillUnmount } from "@odoo/owl";
import type { ActionProps } from "./search_setup.ts";

/** Leafing through records is one step of the history, not one for each. */
const LEAFING_MS = 600;

export interface UrlState {
  /** Writes what changed; an undefined value leaves the address. */
  set(values: Record<string, string | number | undefined>): void;
  /** As `set`, once the user stays. */
  setSoon(values: Record<string, string | number | undefined>): void;
}

/** What the address says under a name, when it is one of these words. */
export function chosenInUrl<Word extends string>(
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = router.current[name];
  return words.find((word) => word === value);
}

/** Call it in the setup of a client action's component, with that action's props. */
export function useUrlState(update: ActionProps["updateActionState"]): UrlState {
  let timer: number | undefined;
  const set: UrlState["set"] = (values) => {
    browser.clearTimeout(timer);
    timer = undefined;
    update?.(values);
  };
  onWillUnmount(() => browser.clearTimeout(timer));
  return {
    set,
    setSoon: (values) => {
      browser.clearTimeout(timer);
      timer = browser.setTimeout(() => set(values), LEAFING_MS);
    },
  };
}
