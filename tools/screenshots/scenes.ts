/** The pictures: who looks at what, on which screen. A new one is an entry here. */
import type { BrowserContextOptions, Page } from "playwright-core";

export interface Scene {
  /** Of the file, without its ending. */
  name: string;
  /** What Odoo knows: a dispatcher's day, or a month of billing. */
  story: "day" | "billing";
  login: string;
  path: string;
  screen: BrowserContextOptions;
  /** Brings the page to what the picture shows. `shipments` are the ids that the story gives. */
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
const HOLDS = "/odoo/invoice-holds";
const LAG = "/odoo/billing-lag";
/** The first page of a new database builds Odoo's assets. */
const PATIENCE = { timeout: 120_000 };

async function showTower(page: Page): Promise<void> {
  await page.locator(".o_mp_card").first().waitFor(PATIENCE);
}

async function showHolds(page: Page): Promise<void> {
  await page.locator(".o_mp_hold_line").first().waitFor(PATIENCE);
}

async function showLag(page: Page): Promise<void> {
  await page.locator(".o_mp_waterfall").waitFor(PATIENCE);
}

async function openShipment(page: Page, id: number | undefined): Promise<void> {
  await showTower(page);
  await page.locator(`[data-shipment-id="${id}"]`).click();
  await page.locator(".o_mp_stop").first().waitFor(PATIENCE);
}

export const SCENES: readonly Scene[] = [
  {
    name: "control-tower",
    story: "day",
    login: "dispatcher",
    path: TOWER,
    screen: LAPTOP,
    play: showTower,
  },
  {
    name: "shipment-timeline",
    story: "day",
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
    story: "day",
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
    story: "day",
    login: "dispatcher",
    path: TOWER,
    screen: PHONE,
    play: showTower,
  },
  {
    name: "invoice-holds",
    story: "billing",
    login: "analyst",
    path: HOLDS,
    screen: LAPTOP,
    play: showHolds,
  },
  {
    name: "invoice-holds-payable",
    story: "billing",
    login: "manager",
    path: HOLDS,
    screen: LAPTOP,
    play: async (page) => {
      await showHolds(page);
      await page.locator('[data-side="ap"]').click();
      await page.locator('[data-grouping="release"]').click();
      await page.locator('[data-group="manager1"]').waitFor(PATIENCE);
    },
  },
  {
    name: "invoice-holds-release",
    story: "billing",
    login: "controller",
    path: HOLDS,
    screen: LAPTOP,
    play: async (page) => {
      await showHolds(page);
      await page.locator(".o_mp_release.btn-primary").first().click();
      await page.locator(".o_mp_release_dialog select").selectOption("evidence");
      await page
        .locator(".o_mp_release_dialog textarea")
        .fill("The consignee confirmed receipt by mail; the paper follows.");
    },
  },
  {
    name: "invoice-holds-phone",
    story: "billing",
    login: "manager",
    path: HOLDS,
    screen: PHONE,
    play: showHolds,
  },
  {
    name: "billing-lag",
    story: "billing",
    login: "manager",
    path: LAG,
    screen: { viewport: { width: 1280, height: 1080 } },
    play: showLag,
  },
  {
    name: "billing-lag-phone",
    story: "billing",
    login: "manager",
    path: LAG,
    screen: PHONE,
    play: showLag,
  },
];
