/** What tests see of finance's boards, in the words of a reviewer. */
import type { Locator, Page } from "playwright-core";

export const HOLDS = "/odoo/invoice-holds";
export const LAG = "/odoo/billing-lag";

/** Opens the board of holds and waits until it shows what it knows. */
export async function openHolds(page: Page, url: string): Promise<void> {
  await page.goto(url + HOLDS, { waitUntil: "commit" });
  await page.waitForSelector(".o_mp_hold_board[aria-busy=false]", { timeout: 90_000 });
}

export async function openLag(page: Page, url: string): Promise<void> {
  await page.goto(url + LAG, { waitUntil: "commit" });
  await page.waitForSelector(".o_mp_lag_board[aria-busy=false]", { timeout: 90_000 });
}

/** The line of a shipment's hold on the side that is shown. */
export const lineOf = (page: Page, shipment: string): Locator =>
  page.locator(".o_mp_hold_line", { has: page.getByText(shipment, { exact: true }) });

/** Fills the dialog that is open and confirms it. */
export async function confirmRelease(page: Page, code: string, text: string): Promise<void> {
  await page.locator(".o_mp_release_dialog select").selectOption(code);
  await page.locator(".o_mp_release_dialog textarea").fill(text);
  await page.locator(".o_mp_release_dialog .o_mp_confirm").click();
}
