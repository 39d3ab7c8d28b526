import { expect } from "chai";
import { afternoonZone, DAY, setStage, tell, type Stage } from "../../tools/story/day.ts";
import { ingest, milestone } from "../../tools/story/facts.ts";
import { callerOf } from "../../tools/story/rpc.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { LAPTOP, PHONE, usePages } from "./browser_kit.ts";
import { violations } from "./accessibility.ts";
import { card, focusedId, openTower } from "./tower.ts";

/** What a partner might write to see whether it is taken for a page. */
const PAYLOADS = {
  name: '<img src=x onerror="window.taken=1">Grosshandel',
  text: '"><script>window.taken=1</script><svg onload=window.taken=1>',
  code: "<b onmouseover=window.taken=1>X",
};

describe("one shipment in the control tower", () => {
  const odoo = useOdooDatabase();
  const pages = usePages(odoo);
  const now = new Date();
  const zone = { timezoneId: afternoonZone(now) };
  let stage: Stage;
  let ids: number[];
  let names: string[];

  const open = async (screen = LAPTOP) => {
    const page = await pages.open("dispatcher", { ...screen, ...zone });
    await openTower(page, odoo.url);
    return page;
  };

  before(async function () {
    this.timeout(120_000);
    stage = await setStage(callerOf(odoo), now, zone.timezoneId);
    ids = await tell(stage, DAY);
    const args = { ids, fields: ["name"] };
    const rows = (await stage.call("admin", "milepost.shipment", "read", args)) as {
      name: string;
    }[];
    names = rows.map(({ name }) => name);
  });

  it("shows the stops with the plan over what happened", async () => {
    const page = await open();
    await card(page, ids[0]!).click();
    const stops = page.locator(".o_mp_stop");
    await stops.first().waitFor();
    expect(await stops.locator(".o_mp_stop_name").allInnerTexts()).to.deep.equal([
      "Pier 7 Distribution",
      "Scheldt Cross-Dock",
      "Officine Bellini",
    ]);
    const first = await stops.first().locator("tbody tr").allInnerTexts();
    expect(first.map((line) => line.split("\t")[0])).to.deep.equal(["Planned", "Actual"]);
    const last = await stops.last().locator("tbody tr").allInnerTexts();
    expect(last.map((line) => line.split("\t")[0])).to.deep.equal(["Planned", "Estimated"]);
  });

  it("tells the source of each fact, and strikes what was corrected or withdrawn", async () => {
    const page = await open();
    await card(page, ids[0]!).click();
    const pickup = page.locator(".o_mp_stop").first();
    const fact = pickup.locator(".o_mp_fact", { hasText: "Picked Up" });
    await fact.locator("summary").click();
    const source = await fact.locator("dl").innerText();
    expect(source)
      .to.match(/[0-9a-f]{8}-[0-9a-f-]{27}/)
      .and.include("mapped@1");
    expect(source).to.include("departure");
    await pickup.locator(".o_mp_outdated > summary").click();
    const struck = pickup.locator(".o_mp_outdated .o_mp_fact_title").first();
    expect(await struck.evaluate((it) => getComputedStyle(it).textDecorationLine)).to.equal(
      "line-through",
    );
    const unplaced = page.locator(".o_mp_unplaced");
    await unplaced.locator(".o_mp_outdated > summary").click();
    expect(await unplaced.locator(".o_mp_outdated").innerText()).to.include("withdrawn");
    expect(await unplaced.innerText()).to.include("Unknown code TMP_OK");
  });

  it("follows what arrives while it is open", async () => {
    const page = await open();
    await card(page, ids[0]!).click();
    const last = page.locator(".o_mp_stop").last();
    await last.waitFor();
    const arrival = milestone(names[0]!, new Date(), {
      code: "arrived_delivery",
      stop: { kind: "delivery" },
    });
    await ingest(stage.call, "alpina", "mapped@1", [arrival]);
    await last.locator(".o_mp_fact", { hasText: "Arrived at Delivery" }).waitFor({ timeout: 5000 });
    expect(await last.locator("tbody").innerText()).to.include("Actual");
  });

  it("is reached, leafed through and left by the keyboard alone", async () => {
    const page = await open();
    await page.keyboard.press("/");
    const inSearch = () =>
      page.evaluate(() => document.activeElement?.classList.contains("o_searchview_input"));
    expect(await inSearch()).to.equal(true);
    await page.keyboard.type("/");
    expect(await page.locator(".o_searchview_input").inputValue()).to.equal("/");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Escape");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());

    await page.keyboard.press("ArrowDown");
    const column = (key: string) =>
      page.$$eval(`[data-column=${key}] [data-shipment-id]`, (cards) =>
        cards.map((one) => Number((one as HTMLElement).dataset["shipmentId"])),
      );
    const [exception, late] = [await column("exception"), await column("late")];
    expect(await focusedId(page)).to.equal(exception[0]);
    await page.keyboard.press("ArrowDown");
    expect(await focusedId(page)).to.equal(exception[1]);
    await page.keyboard.press("ArrowRight");
    expect(await focusedId(page)).to.equal(late[1]);
    await page.keyboard.press("Enter");
    const title = page.locator(".o_mp_panel h2");
    await title.waitFor();
    const opened = await title.innerText();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(
      (before) => document.querySelector(".o_mp_panel h2")?.textContent !== before,
      opened,
    );
    expect(await focusedId(page)).to.equal(late[2]);
    await page.keyboard.press("Enter");
    expect(
      await page.evaluate(() => document.activeElement?.classList.contains("o_mp_panel")),
      "a second Enter goes into the panel",
    ).to.equal(true);
    await page.keyboard.press("Escape");
    await page.locator(".o_mp_panel").waitFor({ state: "detached" });
    expect(await focusedId(page), "Escape goes back to the card").to.equal(late[2]);
  });

  it("fills a phone, beside which nothing scrolls sideways but the columns", async () => {
    const page = await open(PHONE);
    await page.locator("[data-tab=late]").click();
    await page.waitForFunction(() => {
      const column = document.querySelector("[data-column=late]")!.getBoundingClientRect();
      return column.left >= 0 && column.right <= innerWidth;
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.equal(390);
    await page.locator("[data-column=late] .o_mp_card").first().tap();
    await page.locator(".o_mp_panel h2").waitFor();
    const box = await page.locator(".o_mp_panel").boundingBox();
    expect(box).to.deep.equal({ x: 0, y: 0, width: 390, height: 844 });
    await page.locator(".o_mp_close").tap();
    await page.locator(".o_mp_show_list").tap();
    const list = await page.$eval(".o_mp_list", (it) => [it.scrollWidth, it.clientWidth]);
    expect(list[0]).to.equal(list[1]);
  });

  for (const [name, screen] of Object.entries({ laptop: LAPTOP, phone: PHONE })) {
    it(`has no fault that axe finds in columns, list and panel on a ${name}`, async () => {
      const page = await open(screen);
      expect(await violations(page), "columns").to.deep.equal([]);
      await card(page, ids[0]!).click();
      await page.locator(".o_mp_stop").first().waitFor();
      await page.locator(".o_mp_outdated > summary").first().click();
      await page.locator(".o_mp_source > summary").first().click();
      expect(await violations(page), "panel").to.deep.equal([]);
      await page.locator(".o_mp_close").click();
      await page.locator(".o_mp_show_list").click();
      await page.locator("tr[data-shipment-id]").first().waitFor();
      expect(await violations(page), "list").to.deep.equal([]);
    });
  }

  it("shows what partners write as text, whatever it is", async () => {
    const [partner] = (await stage.call("admin", "res.partner", "create", {
      vals_list: [{ name: PAYLOADS.name, city: PAYLOADS.text, is_company: true }],
    })) as number[];
    const [id] = (await stage.call("admin", "milepost.shipment", "create", {
      vals_list: [
        {
          partner_id: partner,
          destination_id: partner,
          connection_id: stage.connections.get("waterweg"),
        },
      ],
    })) as number[];
    const args = { ids: [id], fields: ["name"] };
    const rows = await stage.call("admin", "milepost.shipment", "read", args);
    const fact = milestone((rows as { name: string }[])[0]!.name, new Date(), {
      rawCode: PAYLOADS.code,
      rawText: PAYLOADS.text,
      place: PAYLOADS.name,
    });
    await ingest(stage.call, "waterweg", "otm5@1", [fact]);
    const page = await open();
    await card(page, id!).click();
    await page.locator(".o_mp_fact").first().waitFor();
    expect(await card(page, id!).innerText()).to.include(PAYLOADS.name);
    expect(await page.locator(".o_mp_panel").innerText())
      .to.include(PAYLOADS.text)
      .and.include(PAYLOADS.code);
    await page.locator(".o_mp_fact code").first().hover();
    expect(await page.evaluate(() => "taken" in window)).to.equal(false);
  });
});
