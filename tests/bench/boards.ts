/**
 * How fast the control tower is, in a real browser on a real Odoo: with 1,000 open shipments, and
 * with the same 1,000 among 100,000.
 *
 * Every step is measured in the page, from the click to the frame in which what it asked for is
 * shown. The two databases take turns, so that both see the same machine; the p95 figures are those
 * of the large one.
 */
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../tools/browser/chromium.ts";
import { logIn } from "../../tools/browser/session.ts";
import { ensureOdoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { afternoonZone, DAY, setStage, tell } from "../../tools/story/day.ts";
import { callerOf } from "../../tools/story/rpc.ts";
import { median, percentile, rounded, type BenchResult } from "./result.ts";
import { addClosed, multiply } from "./shipment_copies.ts";

const OPEN = 1000;
const ALL = 100_000;
const TURNS = 15;

type Log = (line: string) => void;
type Step = "open" | "filter" | "shipment";
type Times = Record<Step, number[]>;

export async function run(log: Log): Promise<BenchResult> {
  const odoo = await ensureOdoo(log);
  const small = await odoo.createDatabase();
  const large = await odoo.createDatabase();
  const browser = await launchChromium(log);
  try {
    const now = new Date();
    for (const database of [small, large]) {
      // Its jobs would decide about every copy while the board is measured.
      await database.sql("UPDATE ir_cron SET active = false");
      await tell(await setStage(callerOf(database), now, afternoonZone(now)), DAY);
      await multiply(database, OPEN);
    }
    log(`filling up to ${ALL} shipments`);
    await addClosed(large, ALL);
    log("opening both boards");
    const pages = [await open(browser, small, now), await open(browser, large, now)] as const;
    const times = [newTimes(), newTimes()] as const;
    for (let turn = 0; turn < TURNS; turn++) {
      for (const which of [0, 1] as const) await measure(pages[which], times[which]);
      log(`turn ${turn + 1} of ${TURNS}`);
    }
    return await resultOf(times[0], times[1], pages[1]);
  } finally {
    await browser.close();
    await Promise.all([small.drop(), large.drop()]);
  }
}

function newTimes(): Times {
  return { open: [], filter: [], shipment: [] };
}

async function resultOf(small: Times, large: Times, page: Page): Promise<BenchResult> {
  const p95 = (step: Step) => rounded(percentile(large[step], 0.95));
  return {
    bench: "boards",
    ratios: { open_100k_vs_1k: rounded(median(large.open) / median(small.open)) },
    figures: {
      open_p95_ms: p95("open"),
      filter_p95_ms: p95("filter"),
      shipment_p95_ms: p95("shipment"),
      longest_task_ms: rounded(await page.evaluate(() => window.bench.longestTask)),
      open_1k_median_ms: rounded(median(small.open)),
      open_100k_median_ms: rounded(median(large.open)),
      turns: TURNS,
    },
  };
}

declare global {
  interface Window {
    bench: {
      longestTask: number;
      /** Milliseconds from the act to the frame after the selector finds what it should. */
      time(act: () => void, selector: string): Promise<number>;
    };
  }
}

async function open(browser: Browser, odoo: OdooDatabase, now: Date): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: afternoonZone(now),
  });
  context.setDefaultTimeout(120_000);
  await logIn(context, odoo, "dispatcher");
  const page = await context.newPage();
  await page.goto(`${odoo.url}/odoo/control-tower`, { waitUntil: "commit", timeout: 120_000 });
  await page.waitForSelector(".o_mp_card");
  await page.evaluate(() => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    window.bench = {
      longestTask: 0,
      time: async (act, selector) => {
        const start = performance.now();
        act();
        while (document.querySelector(selector) === null) await frame();
        await frame();
        return performance.now() - start;
      },
    };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        window.bench.longestTask = Math.max(window.bench.longestTask, duration);
      }
    }).observe({ type: "longtask" });
  });
  return page;
}

async function measure(page: Page, times: Times): Promise<void> {
  times.open.push(
    await page.evaluate(() => {
      const board = document.querySelector(".o_mp_board")!;
      board.setAttribute("data-old", "");
      const entry = [...document.querySelectorAll<HTMLElement>(".o_menu_sections a")].find((one) =>
        one.textContent.includes("Control Tower"),
      )!;
      return window.bench.time(() => entry.click(), ".o_mp_board:not([data-old]) .o_mp_card");
    }),
  );
  times.shipment.push(
    await page.evaluate(() => {
      const card = document.querySelector<HTMLElement>("[data-column=in_transit] .o_mp_card")!;
      return window.bench.time(() => card.click(), ".o_mp_panel .o_mp_stop");
    }),
  );
  await page.locator(".o_mp_close").click();
  await page.locator(".o_searchview_dropdown_toggler").click();
  const filter = page.locator(".o_filter_menu .o-dropdown-item", { hasText: /^Late$/ }).first();
  times.filter.push(
    await filter.evaluate((item) =>
      window.bench.time(
        () => (item as HTMLElement).click(),
        ".o_mp_board[aria-busy=false]:has([data-column=waiting] .o_mp_column_title):not(:has([data-column=in_transit] .o_mp_card))",
      ),
    ),
  );
  await page.locator(".o_facet_remove").click();
  await page.waitForSelector("[data-column=in_transit] .o_mp_card");
}
