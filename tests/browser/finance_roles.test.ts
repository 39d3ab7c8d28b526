import { expect } from "chai";
import type { Page } from "playwright-core";
import { deliverAll, setContracts } from "../../tools/story/billing.ts";
import { afternoonZone, setStage, type Stage } from "../../tools/story/day.ts";
import { callerOf } from "../../tools/story/rpc.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { violations } from "./accessibility.ts";
import { LAPTOP, PHONE, usePages } from "./browser_kit.ts";
import { confirmRelease, HOLDS, lineOf, openHolds, openLag } from "./finance.ts";

const PAPER = {
  name: "pod.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.4 paper"),
};

/**
 * One story from the first hold to the posted invoice, told in order: each test goes on where the
 * one before it ended.
 */
describe("from the first hold to the posted invoice, by each role", () => {
  const odoo = useOdooDatabase();
  const pages = usePages(odoo);
  const now = new Date();
  const zone = { timezoneId: afternoonZone(now) };
  let stage: Stage;
  let ids: number[];
  /** Shipments by what is to become of them. */
  let names: Record<"supplied" | "small" | "middle" | "large" | "held" | "billed", string>;

  const open = async (login: string, screen = LAPTOP): Promise<Page> => {
    const page = await pages.open(login, { ...screen, ...zone });
    await openHolds(page, odoo.url);
    return page;
  };
  const showBills = async (page: Page) => {
    await page.locator('[data-side="ap"]').click();
    await lineOf(page, names.billed).waitFor();
  };
  const billingStates = async () => {
    const args = { ids, fields: ["name", "billing_state"] };
    const rows = await stage.call("admin", "milepost.shipment", "read", args);
    return Object.fromEntries(
      (rows as { name: string; billing_state: string }[]).map((row) => [
        row.name,
        row.billing_state,
      ]),
    );
  };

  before(async function () {
    this.timeout(180_000);
    // What a cron decides about at this moment the button leaves to it; here people do everything.
    await odoo.sql("UPDATE ir_cron SET active = false");
    stage = await setStage(callerOf(odoo), now, zone.timezoneId);
    const groups = (await stage.call("admin", "res.users", "search_read", {
      domain: [["login", "=", "controller"]],
      fields: ["group_ids"],
    })) as { group_ids: number[] }[];
    await stage.call("admin", "res.users", "create", {
      vals_list: [
        {
          name: "Second Controller",
          login: "controller2",
          password: "controller2",
          group_ids: [[6, 0, groups[0]!.group_ids]],
        },
      ],
    });
    const carriers = await setContracts(stage);
    const common = { via: "waterweg", ago: 300, signer: null } as const;
    ids = await deliverAll(stage, carriers, [
      { ...common, customer: "roux", sell: "900.00" },
      { ...common, customer: "jansen", sell: "180.00" },
      { ...common, customer: "linde", sell: "1800.00" },
      { ...common, customer: "vandijk", sell: "3600.00" },
      { ...common, customer: "muller", sell: "700.00" },
      {
        ...common,
        customer: "ashworth",
        sell: "400.00",
        signer: "A. Ashworth",
        bill: { linehaul: "640.00", fuel: "172.80" },
      },
    ]);
    const args = { ids, fields: ["name"] };
    const rows = (await stage.call("admin", "milepost.shipment", "read", args)) as {
      name: string;
    }[];
    const [supplied, small, middle, large, held, billed] = rows.map((row) => row.name);
    names = {
      supplied: supplied!,
      small: small!,
      middle: middle!,
      large: large!,
      held: held!,
      billed: billed!,
    };
  });

  it("shows what is blocked, why, since when and who can free it, each side apart", async () => {
    const page = await open("analyst");
    expect(await page.locator('[data-side="ar"] .o_mp_side_sum').innerText()).to.include(
      "7,180.00",
    );
    expect(await page.locator('[data-side="ap"] .o_mp_side_sum').innerText()).to.include("15.40");
    const line = await lineOf(page, names.middle).innerText();
    expect(line)
      .to.include("has no valid proof of delivery")
      .and.include("the proof of delivery from the carrier")
      .and.include("1,800.00")
      .and.include("Finance Manager");
    expect(await lineOf(page, names.large).innerText()).to.include("Two people");
    await showBills(page);
    expect(await lineOf(page, names.billed).innerText())
      .to.include("9.784 %")
      .and.include("15.40");
  });

  it("lets the dispatcher supply the proof, and release nothing", async () => {
    const page = await open("dispatcher");
    await lineOf(page, names.supplied).waitFor();
    expect(await page.locator(".o_mp_release, .o_mp_review").count()).to.equal(0);
    await lineOf(page, names.supplied).locator(".o_mp_fix").click();
    const dialog = page.locator(".modal");
    await dialog.locator('[name="signer"] input').fill("A. Roux");
    await dialog.locator('[name="document"] input[type=file]').setInputFiles(PAPER);
    await dialog.locator('button[name="action_supply"]').click();
    await lineOf(page, names.supplied).waitFor({ state: "detached" });
    expect((await billingStates())[names.supplied]).to.equal("ready");
  });

  it("lets the analyst review and release within the authority, and says why not above it", async () => {
    const page = await open("analyst");
    const small = lineOf(page, names.small);
    await small.locator(".o_mp_review").click();
    await small.locator(".o_mp_hold_state").waitFor();
    expect(await small.innerText()).to.include("Analyst reviews it");
    await small.locator(".o_mp_release").click();
    await page.locator(".o_mp_confirm").click();
    const refused = page.locator(".o_mp_release_dialog .is-invalid");
    await refused.nth(1).waitFor();
    expect(await refused.count()).to.equal(2);
    await confirmRelease(page, "evidence", "Receipt confirmed by mail");
    await small.waitFor({ state: "detached" });

    await lineOf(page, names.middle).locator(".o_mp_release").click();
    const refusal = await page.locator(".o_mp_refusal").innerText();
    expect(refusal).to.match(/1,800\.00.* is above your limit of .*250\.00/);
    expect(refusal).to.include("It can be released by: Finance Manager");
    expect(await page.locator(".o_mp_confirm").count()).to.equal(0);
    await page.keyboard.press("Escape");
    await showBills(page);
    await lineOf(page, names.billed).locator(".o_mp_release").click();
    expect(await page.locator(".o_mp_refusal").innerText()).to.include(
      "9.784 % is above your limit",
    );
  });

  it("lets the finance manager release it by the keyboard, while the others' boards follow", async () => {
    const watcher = await open("analyst");
    await lineOf(watcher, names.middle).waitFor();
    const page = await open("manager");
    await lineOf(page, names.middle).focus();
    await page.keyboard.press("r");
    await page.locator(".o_mp_release_dialog select").waitFor();
    await page.locator(".o_mp_release_dialog select").selectOption("customer_agreed");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Customer confirmed the delivery");
    await page.keyboard.press("Control+Enter");
    await lineOf(page, names.middle).waitFor({ state: "detached" });
    await lineOf(watcher, names.middle).waitFor({ state: "detached", timeout: 10_000 });
    await showBills(page);
    await lineOf(page, names.billed).locator(".o_mp_release").click();
    await confirmRelease(page, "contract", "Fuel week agreed");
    await lineOf(page, names.billed).waitFor({ state: "detached" });
    expect(await page.locator(".o_mp_empty h2").innerText()).to.equal("No carrier bill is held");
  });

  it("takes two controllers above the limit, and not the same one twice", async () => {
    const first = await open("controller");
    await lineOf(first, names.large).locator(".o_mp_release").click();
    expect(await first.locator(".o_mp_release_dialog .alert-info").innerText()).to.include(
      "Two people must approve",
    );
    await confirmRelease(first, "commercial", "Key account, paper follows");
    await first.locator(".o_mp_hold_state").waitFor();
    expect(await lineOf(first, names.large).innerText()).to.include("1 of 2 agreed: Controller");
    await lineOf(first, names.large).locator(".o_mp_release").click();
    expect(await first.locator(".o_mp_refusal").innerText()).to.include("somebody else must agree");
    expect((await billingStates())[names.large]).to.equal("held");

    const second = await open("controller2");
    await lineOf(second, names.large).locator(".o_mp_release").click();
    await confirmRelease(second, "commercial", "Agreed");
    await lineOf(second, names.large).waitFor({ state: "detached" });
  });

  it("bills what is free by the button, and leaves the held sibling where it is", async () => {
    const page = await open("analyst");
    await page.goto(`${odoo.url}/odoo/action-milepost_billing.action_milepost_billing_run`);
    await page.locator(".o_list_view").waitFor({ timeout: 90_000 });
    await page.getByRole("button", { name: "Invoice Due Shipments" }).click();
    await page.locator(".o_data_row").first().waitFor({ timeout: 60_000 });
    const moves = (await stage.call("admin", "account.move", "search_read", {
      domain: [["move_type", "=", "out_invoice"]],
      fields: ["state", "amount_untaxed"],
    })) as { state: string; amount_untaxed: number }[];
    expect(moves.every((move) => move.state === "posted")).to.equal(true);
    expect(moves.map((move) => move.amount_untaxed).sort((a, b) => a - b)).to.deep.equal([
      180, 400, 900, 1800, 3600,
    ]);
    expect(await billingStates()).to.deep.equal({
      [names.supplied]: "invoiced",
      [names.small]: "invoiced",
      [names.middle]: "invoiced",
      [names.large]: "invoiced",
      [names.billed]: "invoiced",
      [names.held]: "held",
    });
    await openHolds(page, odoo.url);
    expect(await page.locator(".o_mp_hold_line").count()).to.equal(1);
    expect(await lineOf(page, names.held).innerText()).to.include("700.00");
  });

  it("shows finance how long that took, and leads to the records behind each number", async () => {
    const page = await pages.open("manager", { ...LAPTOP, ...zone });
    await openLag(page, odoo.url);
    expect(await page.locator(".o_mp_lag_counts").innerText()).to.equal(
      "6 delivered · 5 invoiced · 1 open",
    );
    expect(await page.locator("[data-part=pod_wait] td.o_mp_waiting").innerText()).to.include(
      "1, 5 h",
    );
    expect(await page.locator('[data-figure="unbilled"]').innerText()).to.include("700.00");
    await page.locator('[data-figure="unbilled"] button').click();
    await page.locator(".o_data_row").first().waitFor();
    expect(await page.locator(".o_data_row").count()).to.equal(1);
    expect(await page.locator(".o_list_view").innerText()).to.include(names.held);
    await page.locator(".o_back_button, .breadcrumb-item a").first().click();
    await page.locator(".o_mp_waterfall").waitFor();
  });

  it("keeps the figures of billing from the dispatcher, in words", async () => {
    const page = await pages.open("dispatcher", { ...LAPTOP, ...zone });
    await openLag(page, odoo.url);
    expect(await page.locator(".o_mp_refused").innerText()).to.include("for finance");
  });

  for (const [name, screen] of Object.entries({ laptop: LAPTOP, phone: PHONE })) {
    it(`has no fault that axe finds, and nothing scrolls sideways, on a ${name}`, async () => {
      const page = await open("manager", screen);
      await lineOf(page, names.held).waitFor();
      const fits = () =>
        page.evaluate(() =>
          [...document.querySelectorAll(".o_mp_hold_list, .o_mp_lag_board, html")].every(
            (it) => it.scrollWidth <= it.clientWidth,
          ),
        );
      expect(await fits(), "holds").to.equal(true);
      expect(await violations(page), "holds").to.deep.equal([]);
      await page.locator(".o_mp_release").first().click();
      await page.locator(".o_mp_release_dialog").waitFor();
      expect(await violations(page), "dialog").to.deep.equal([]);
      await page.keyboard.press("Escape");
      await openLag(page, odoo.url);
      await page.locator(".o_mp_waterfall").waitFor();
      expect(await fits(), "lag").to.equal(true);
      expect(await violations(page), "lag").to.deep.equal([]);
    });
  }

  it("refuses whoever has no role, in words", async () => {
    await stage.call("admin", "res.users", "create", {
      vals_list: [{ name: "Outsider", login: "outsider", password: "outsider" }],
    });
    const page = await pages.open("outsider", { ...LAPTOP, ...zone });
    await page.goto(odoo.url + HOLDS, { waitUntil: "commit" });
    await page.locator(".o_mp_refused").waitFor({ timeout: 90_000 });
    expect(await page.locator(".o_mp_hold_line").count()).to.equal(0);
  });
});
