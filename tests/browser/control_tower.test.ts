import { expect } from "chai";
import { afternoonZone, DAY, setStage, tell, type Stage } from "../../tools/story/day.ts";
import { ingest, milestone } from "../../tools/story/facts.ts";
import { callerOf } from "../../tools/story/rpc.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { LAPTOP, usePages } from "./browser_kit.ts";
import { card, counts, customers, openTower, TOWER } from "./tower.ts";

describe("the control tower in Odoo", () => {
  const odoo = useOdooDatabase();
  const pages = usePages(odoo);
  const now = new Date();
  const at = { ...LAPTOP, timezoneId: afternoonZone(now) };
  let stage: Stage;
  let ids: number[];

  const idOf = (customer: string, nth = 0) =>
    ids[DAY.flatMap((one, index) => (one.customer === customer ? [index] : []))[nth]!]!;
  const nameOf = async (id: number) => {
    const args = { ids: [id], fields: ["name"] };
    const rows = await stage.call("admin", "milepost.shipment", "read", args);
    return (rows as { name: string }[])[0]!.name;
  };
  const open = async (login = "dispatcher") => {
    const page = await pages.open(login, at);
    await openTower(page, odoo.url);
    return page;
  };

  before(async function () {
    this.timeout(120_000);
    stage = await setStage(callerOf(odoo), now, at.timezoneId);
    ids = await tell(stage, DAY);
  });

  it("shows every shipment in the column of what is most pressing about it", async () => {
    const page = await open();
    expect(await counts(page)).to.deep.equal({
      exception: 4,
      late: 5,
      silent: 2,
      in_transit: 8,
      delivered_today: 5,
      waiting: 4,
    });
    expect(await customers(page, "silent")).to.have.members([
      "Cooperativa Valdemar",
      "Waldner Holzbau",
    ]);
    expect(await card(page, idOf("blum"), "exception").innerText()).to.include("Customs");
    expect(await card(page, idOf("hofmann"), "late").innerText()).to.include("1 h 35 late");
    expect(await card(page, idOf("jansen"), "late").innerText()).to.include("overdue");
    expect(await card(page, idOf("roux", 1)).innerText()).to.include("No POD");
  });

  for (const login of ["analyst", "manager", "controller", "operator"]) {
    it(`is open to the ${login} too`, async () => {
      const page = await open(login);
      expect((await counts(page))["exception"]).to.equal(4);
    });
  }

  it("moves a shipment to its new column when Odoo learns of a delivery, without a reload", async () => {
    const page = await open();
    const id = idOf("vandijk");
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await card(page, id, "in_transit").focus();
    const delivery = milestone(await nameOf(id), new Date(), {
      code: "delivered",
      stop: { kind: "delivery" },
    });
    await ingest(stage.call, "waterweg", "otm5@1", [delivery]);
    await card(page, id, "delivered_today").waitFor({ timeout: 5000 });
    expect(await counts(page)).to.include({ in_transit: 7, delivered_today: 6 });
    expect(await page.evaluate(() => "notReloaded" in window)).to.equal(true);
    const focused = await page.evaluate(
      () => (document.activeElement as HTMLElement).dataset["shipmentId"],
    );
    expect(focused, "the focus goes with the card").to.equal(String(id));
  });

  it("finds by the search bar and keeps the facet on the way back from the form", async () => {
    const page = await open();
    const search = page.locator(".o_searchview_input");
    await search.fill("Bellini");
    await search.press("Enter");
    await page.locator(".o_searchview_facet").waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".o_mp_card").length === 2);
    await card(page, idOf("bellini")).click();
    await page.locator(".o_mp_open_form").click();
    await page.locator(".o_form_view").waitFor();
    await page.locator(".o_back_button").first().click();
    await page.locator(".o_mp_card").first().waitFor();
    expect(await page.locator(".o_searchview_facet").innerText()).to.include("Bellini");
    expect(await page.locator(".o_mp_card").count()).to.equal(2);
    expect(await page.locator(".o_mp_panel h2").innerText(), "the panel is open still").to.equal(
      await nameOf(idOf("bellini")),
    );
    await page.locator(".o_facet_remove").click();
    await page.waitForFunction(() => document.querySelectorAll(".o_mp_card").length > 20);
  });

  it("has an address for the open shipment: reload keeps it, back closes it and stays", async () => {
    const page = await open();
    const id = idOf("bellini");
    await card(page, id).click();
    await page.waitForURL(`**${TOWER}/${id}`);
    await page.reload({ waitUntil: "commit" });
    const title = page.locator(".o_mp_panel h2");
    await title.waitFor({ timeout: 90_000 });
    expect(await title.innerText()).to.equal(await nameOf(id));
    await page.locator(".o_mp_close").click();
    await card(page, id).click();
    await page.waitForURL(`**${TOWER}/${id}`);
    await page.goBack();
    await page.locator(".o_mp_panel").waitFor({ state: "detached" });
    await page.locator(".o_mp_card").first().waitFor();
  });

  it("owns an exception by one key, acknowledges it, and takes that back", async () => {
    const page = await open("dispatcher");
    const id = idOf("blum");
    await card(page, id, "exception").focus();
    await page.keyboard.press("a");
    await card(page, id, "exception").locator(".o_mp_remarks", { hasText: "Mine" }).waitFor();
    await card(page, id, "exception").focus();
    await page.keyboard.press("e");
    await card(page, id, "in_transit").waitFor({ timeout: 10_000 });
    await page.locator(".o_notification", { hasText: "acknowledged" }).getByText("Undo").click();
    await card(page, id, "exception").waitFor({ timeout: 10_000 });
  });

  it("filters, keeps the filter as a favourite, and finds it again on the next visit", async () => {
    const page = await open("controller");
    await page.locator(".o_searchview_dropdown_toggler").click();
    await page.locator(".o_filter_menu .o-dropdown-item", { hasText: "Silent" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".o_mp_card").length === 2);
    await page.locator(".o_add_favorite, .o_favorite_menu .o_accordion_toggle").first().click();
    await page.locator(".o_favorite_menu input[type=text]").fill("My silent ones");
    await page.locator(".o_save_favorite").click();
    await page.locator(".o_searchview_facet", { hasText: "My silent ones" }).waitFor();
    await openTower(page, odoo.url);
    await page.locator(".o_searchview_dropdown_toggler").click();
    await page.locator(".o_favorite_menu .o-dropdown-item", { hasText: "My silent ones" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".o_mp_card").length === 2);
    expect(await page.locator(".o_searchview_facet").innerText()).to.include("My silent ones");
  });

  it("shows a list instead of columns, and remembers that", async () => {
    const page = await open();
    await page.locator(".o_mp_show_list").click();
    const line = page.locator(`tr[data-shipment-id="${idOf("hofmann")}"]`);
    expect(await line.innerText())
      .to.include("Bäckerei Hofmann")
      .and.include("Hamburg");
    await openTower(page, odoo.url);
    await line.waitFor();
    const box = await page.locator(".o_mp_table").boundingBox();
    expect(box!.width, "the list fits its window").to.be.at.most(1280);
  });

  it("tells where shipments come from when there are none", async () => {
    const page = await open();
    const search = page.locator(".o_searchview_input");
    await search.fill("No such customer");
    await search.press("Enter");
    await page.locator(".o_mp_empty").waitFor();
    const said = await page.locator(".o_mp_empty").innerText();
    expect(said).to.include("No shipments here").and.include("Confirm a delivery");
  });

  it("says that the board could not be read, and reads it on demand", async () => {
    const page = await pages.open("dispatcher", at);
    await page.route("**/call_kw/milepost.shipment/control_tower", (route) => route.abort());
    await openTower(page, odoo.url);
    expect(await page.locator(".o_mp_failed").innerText()).to.include("could not be read");
    await page.unroute("**/call_kw/milepost.shipment/control_tower");
    await page.locator(".o_mp_failed button").click();
    await page.locator(".o_mp_card").first().waitFor();
    expect(pages.faults.splice(0).join()).to.include("ERR_FAILED");
  });

  it("refuses whoever has no role, in words", async () => {
    await stage.call("admin", "res.users", "create", {
      vals_list: [{ name: "Outsider", login: "outsider", password: "outsider" }],
    });
    const page = await pages.open("outsider", at);
    await page.goto(odoo.url + TOWER, { waitUntil: "commit" });
    await page.locator(".o_mp_refused").waitFor({ timeout: 90_000 });
    expect(await page.locator(".o_mp_refused").innerText()).to.include("may not see shipments");
    expect(await page.locator(".o_mp_card").count()).to.equal(0);
  });
});
