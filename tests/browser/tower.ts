/** What tests see of the control tower, in the words of a dispatcher. */
import type { Page } from "playwright-core";

export const TOWER = "/odoo/control-tower";

/** Opens the tower and waits until it shows what it knows. */
export async function openTower(page: Page, url: string): Promise<void> {
  await page.goto(url + TOWER, { waitUntil: "commit" });
  await page.waitForSelector(".o_mp_board[aria-busy=false]", { timeout: 90_000 });
}

/** Column by name, with the count that its header shows. */
export function counts(page: Page): Promise<Record<string, number>> {
  return page.$$eval(".o_mp_column", (columns) =>
    Object.fromEntries(
      columns.map((column) => [
        (column as HTMLElement).dataset["column"],
        Number(column.querySelector(".o_mp_count")?.textContent),
      ]),
    ),
  );
}

export const card = (page: Page, id: number, column?: string) =>
  page.locator(
    `${column === undefined ? "" : `[data-column=${column}] `}[data-shipment-id="${id}"]`,
  );

/** The customers whose cards a column shows. */
export function customers(page: Page, column: string): Promise<string[]> {
  return page.locator(`[data-column=${column}] .o_mp_customer`).allInnerTexts();
}

export const focusedId = (page: Page): Promise<number> =>
  page.evaluate(() => Number((document.activeElement as HTMLElement).dataset["shipmentId"]));
