/** The pictures: who looks at what, on which screen. A new one is an entry here. */
import type { BrowserContextOptions, Page } from "playwright-core";

export interface Scene {
  /** Of the file, without its ending. */
  name: string;
  login: string;
  path: string;
  screen: BrowserContextOptions;
  /** Brings the page to what the picture shows. `shipments` are the ids of DAY, in its order. */
  play(page: Page, shipments: readonly number[]): Promise<void>;
}

const LAPTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
const TOWER = "/odoo/control-tower";
/** The first page of a new database builds Odoo's assets. */
const PATIENCE = { timeout: 120_000 };

async function showTower(page: Page): Promise<void> {
  await page.locator(".o_mp_card").first().waitFor(PATIENCE);
}

async function openShipment(page: Page, id: number | undefined): Promise<void> {
  await showTower(page);
  await page.locator(`[data-shipment-id="${id}"]`).click();
  await page.locator(".o_mp_stop").first().waitFor(PATIENCE);
}

export const SCENES: readonly Scene[] = [
  {
    name: "control-tower",
    login: "dispatcher",
    path: TOWER,
    screen: LAPTOP,
    play: showTower,
  },
  {
    name: "shipment-timeline",
    login: "dispatcher",
    path: TOWER,
    screen: { viewport: { width: 1280, height: 960 } },
    play: async (page, [first]) => {
      await openShipment(page, first);
      const pickup = page.locator(".o_mp_stop").first();
      await pickup.locator(".o_mp_outdated > summary").click();
      await pickup.locator(".o_mp_source > summary").first().click();
    },
  },
  {
    name: "control-tower-list",
    login: "dispatcher",
    path: TOWER,
    screen: LAPTOP,
    play: async (page) => {
      await showTower(page);
      await page.locator(".o_mp_show_list").click();
      await page.locator("tr[data-shipment-id]").first().waitFor(PATIENCE);
    },
  },
  {
    name: "control-tower-phone",
    login: "dispatcher",
    path: TOWER,
    screen: PHONE,
    play: showTower,
  },
];
