/** Pages of a real Odoo in a real browser, for a suite. */
import { expect } from "chai";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "../../tools/browser/chromium.ts";
import { logIn } from "../../tools/browser/session.ts";
import type { OdooDatabase } from "../../tools/odoo/odoo.ts";

export const LAPTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** A file that Debian's package of Odoo leaves out; Odoo's asset bundle says so on every page. */
const KNOWN = /selfie_segmentation/;

export interface Pages {
  /** A page of its own, logged in. `zone` is what the browser takes for its time zone. */
  open(login: string, options?: BrowserContextOptions): Promise<Page>;
  /** What the pages of this test wrote to their consoles as errors, and uncaught exceptions. */
  faults: string[];
}

/**
 * Call inside `describe`. A login keeps its session and the browser's cache for the whole suite;
 * pages and what they stored end with each test. A test during which a page complained fails,
 * unless it empties `faults` because it meant the page to.
 */
export function usePages(odoo: OdooDatabase): Pages {
  let browser: Browser;
  const contexts = new Map<string, BrowserContext>();
  const faults: string[] = [];
  before(async function () {
    this.timeout(300_000);
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const page of [...contexts.values()].flatMap((context) => context.pages())) {
      await page.evaluate(() => localStorage.clear());
      await page.close();
    }
    const found = faults.splice(0);
    expect(found, "faults on the page").to.deep.equal([]);
  });
  after(() => browser.close());

  const contextOf = async (login: string, options: BrowserContextOptions) => {
    const key = JSON.stringify([login, options]);
    const known = contexts.get(key);
    if (known !== undefined) return known;
    const context = await browser.newContext(options);
    context.setDefaultNavigationTimeout(90_000); // the first page of a new database builds the assets
    await logIn(context, odoo, login);
    contexts.set(key, context);
    return context;
  };

  const open = async (login: string, options: BrowserContextOptions = LAPTOP): Promise<Page> => {
    const context = await contextOf(login, options);
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !KNOWN.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  return { open, faults };
}
