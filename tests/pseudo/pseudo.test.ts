/**
 * `npm run test:pseudo`: every screen of every role, in a language in which each of our terms stands in
 * ⟦⟧, and each dialog on a phone. It takes half an hour; the boards alone are part of `npm run test:web`.
 */
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { OdooDatabase } from "../../tools/odoo/odoo.ts";
import { tellBilling } from "../../tools/story/billing.ts";
import { afternoonZone, DAY, setStage, tell } from "../../tools/story/day.ts";
import { ingest, milestone } from "../../tools/story/facts.ts";
import { callerOf } from "../../tools/story/rpc.ts";
import { LAPTOP, PHONE, usePages } from "../browser/browser_kit.ts";
import { LANGUAGE } from "./catalogs.ts";
import { Crawl } from "./crawl.ts";
import { Judge } from "./judge.ts";
import { fitsPhone } from "./phone.ts";
import { startPseudoOdoo, type PseudoOdoo } from "./pseudo_odoo.ts";
import { ownWizards } from "./screens.ts";
import { subscribe, tellTheRest } from "./stories.ts";

const ROLES = ["dispatcher", "analyst", "manager", "controller", "operator"] as const;
const JAPANESE = { ...LAPTOP, locale: "ja-JP" };
/** Documents are in the language of whoever gets them, also of contacts that a story makes later. */
const EVERYBODY_READS_IT = `
  UPDATE res_partner SET lang = '${LANGUAGE}';
  CREATE FUNCTION reads_it() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN NEW.lang = ''${LANGUAGE}''; RETURN NEW; END';
  CREATE TRIGGER reads_it BEFORE INSERT ON res_partner FOR EACH ROW EXECUTE FUNCTION reads_it()`;
/** A fact that several shipments could mean: its dialog lists them. */
const AMBIGUOUS = [
  ["shipment_id", "=", false],
  ["raw_code", "=", "ARRIVED_PICKUP"],
];
/** What the web client asks before it shows a model. */
const VIEWS_OF = /\/call_kw\/([\w.]+)\/get_views/;

describe("each word of ours is said in the reader's language", () => {
  const odoo = {} as OdooDatabase;
  let pseudo: PseudoOdoo;
  /** Models whose views anybody opened. */
  const opened = new Set<string>();

  before(async function () {
    this.timeout(1_200_000);
    pseudo = await startPseudoOdoo();
    Object.assign(odoo, pseudo.odoo);
    const now = new Date();
    const stage = await setStage(callerOf(odoo), now, afternoonZone(now));
    await odoo.sql(EVERYBODY_READS_IT);
    await subscribe(stage);
    await tell(stage, DAY);
    const held = await tellBilling(stage, odoo);
    await tellTheRest(stage, held.slice(0, 4));
    const nobodys = milestone("SHP/UNKNOWN/1", now, { code: "arrived_delivery" });
    await ingest(stage.call, "waterweg", "otm5@1", [nobodys]);
  });
  after(() => pseudo.end());
  const pages = usePages(odoo);

  const start = async (role: string, screen = LAPTOP): Promise<Page> => {
    const page = await pages.open(role, screen);
    page.on("request", (request) => {
      const model = VIEWS_OF.exec(request.url())?.[1];
      if (model !== undefined) opened.add(model);
    });
    await page.goto(`${odoo.url}/odoo`);
    await page.waitForSelector(".o_web_client .o_action_manager > *", { timeout: 180_000 });
    return page;
  };

  /** A button shows the proofs of the story, which are no real PDFs; nothing else may go wrong. */
  const expectNoFaults = () => {
    const faults = pages.faults
      .splice(0)
      .filter((fault) => !/InvalidPDF|corrupted PDF/.test(fault));
    expect(faults, "faults on the page").to.deep.equal([]);
  };

  /** Nothing stood naked, every screen opened, and there were screens. */
  const expectWrapped = async (crawl: Crawl, screens: number) => {
    const judge = new Judge(await pseudo.knowledge());
    const naked = [...crawl.found.values()].flatMap(({ text, on, where }) => {
      const piece = judge.naked(text);
      return piece === undefined ? [] : [`${on}: “${piece}” in “${text.slice(0, 100)}” (${where})`];
    });
    expect([...crawl.failed, ...naked]).to.deep.equal([]);
    expect(crawl.screens).to.be.greaterThan(screens);
    expectNoFaults();
  };

  for (const role of ROLES) {
    it(`on every screen of the ${role}`, async () => {
      const crawl = new Crawl(await start(role), role);
      await crawl.all(odoo.url);
      await crawl.form("milepost.milestone", AMBIGUOUS);
      await expectWrapped(crawl, 80);
    });
  }

  it("on Odoo's own screens, and in the dialogs that they open", async () => {
    const crawl = new Crawl(await start("admin"), "admin");
    await crawl.hosts();
    await crawl.actions(odoo.url);
    await crawl.form("milepost.milestone", AMBIGUOUS);
    await crawl.wizard("milepost.dispose", { default_shipment_id: 1 });
    await expectWrapped(crawl, 30);
  });

  it("for customers, carriers and consignees", async () => {
    const paths = Object.values(await pseudo.visitors());
    const crawl = new Crawl(await pages.open("visitor", JAPANESE), "visitor");
    for (const path of ["/my", "/my/shipments", ...paths]) await crawl.page(odoo.url + path);
    await expectWrapped(crawl, 6);
  });

  for (const role of ["dispatcher", "controller", "operator"] as const) {
    it(`and every record and dialog fits the phone of the ${role}`, async () => {
      const crawl = new Crawl(await start(role, PHONE), role, fitsPhone);
      await crawl.records(odoo.url);
      await crawl.form("milepost.milestone", AMBIGUOUS);
      await crawl.form("milepost.hold", [["state", "=", "open"]]);
      expect(crawl.failed).to.deep.equal([]);
      expect(crawl.screens).to.be.greaterThan(60);
      expectNoFaults();
    });
  }

  it("in each wizard: none was left out", async () => {
    const wizards = await ownWizards(await start("admin"));
    expect(wizards.filter((model) => !opened.has(model))).to.deep.equal([]);
  });
});
