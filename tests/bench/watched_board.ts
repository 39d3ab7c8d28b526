/** The control tower, open in a real browser, and when each shipment's card changed on it. */
import type { Page } from "playwright-core";
import { launchChromium } from "../../tools/browser/chromium.ts";
import { logIn } from "../../tools/browser/session.ts";
import type { OdooDatabase } from "../../tools/odoo/odoo.ts";

export interface WatchedBoard {
  /** Resolves with the time (milliseconds since the epoch) at which the card changes next. */
  nextChange(shipmentId: number): Promise<number>;
  close(): Promise<void>;
}

export async function openBoard(odoo: OdooDatabase, cards: number): Promise<WatchedBoard> {
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await logIn(context, odoo, "dispatcher");
    const page = await context.newPage();
    const waiting = new Map<number, (at: number) => void>();
    await page.exposeFunction("cardChanged", (id: number, at: number) => waiting.get(id)?.(at));
    await page.goto(`${odoo.url}/odoo/control-tower`, { timeout: 120_000, waitUntil: "commit" });
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-shipment-id]").length >= count,
      cards,
      { timeout: 120_000 },
    );
    await watch(page);
    return {
      nextChange: (id) =>
        new Promise((resolve) => {
          waiting.set(id, (at) => {
            waiting.delete(id);
            resolve(at);
          });
        }),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** A card changes when it stands in another column or names another step; ages do not count. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const report = (window as unknown as { cardChanged(id: number, at: number): void }).cardChanged;
    const shown = new Map<string, string>();
    const look = (isFirst: boolean) => {
      for (const card of document.querySelectorAll<HTMLElement>("[data-shipment-id]")) {
        const id = card.dataset["shipmentId"] ?? "";
        const column = card.closest<HTMLElement>("[data-column]")?.dataset["column"];
        const face = `${column} ${card.querySelector(".o_mp_step_name")?.textContent}`;
        if (shown.get(id) === face) continue;
        shown.set(id, face);
        if (!isFirst) report(Number(id), performance.timeOrigin + performance.now());
      }
    };
    look(true);
    new MutationObserver(() => look(false)).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
}
