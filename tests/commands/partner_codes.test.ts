import { expect } from "chai";
import { askCodes, codesText } from "../../bridge/commands/partner_codes.ts";
import { trialText, type TrialReport } from "../../bridge/commands/partner_text.ts";
import { openExchange } from "../../bridge/main.ts";
import type { ExchangeApi } from "../../bridge/odoo/exchange_api.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { testConfig } from "../bridge_kit/test_bridge.ts";
import { newFact } from "../store/store_contract.ts";

const unasked = { asked: false as const, why: "not asked: name the --connection" };
const report: TrialReport = {
  mapping: "mapped:acme@1",
  messages: [],
  codes: [{ raw: "RAIL", meaning: "unmapped", count: 1, mapped: false }],
  odoo: unasked,
  odoo_codes: unasked,
  poll: unasked,
};
const MAYBE = "may have its meaning in Odoo";

describe("the codes of a partner's samples, asked of Odoo", () => {
  let odoo: FakeOdoo;
  let api: ExchangeApi;
  const { fact } = newFact("m1");
  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.3";
    api = openExchange(testConfig({ odooUrl: odoo.url, dataDir: "/tmp" }));
  });
  afterEach(async () => {
    await api.close();
    await odoo.stop();
  });
  const asked = () => askCodes(api, "acme", "mapped:acme@1", [fact]);
  const row = { kind: "milestone", sample: "Rail hold", count: 2 };

  it("come with those first that have no meaning there", async () => {
    let batch: unknown;
    odoo.intercept = ({ method, args }) => {
      if (method !== "code_meanings") return undefined;
      ({ batch } = args);
      const codes = [
        { ...row, code: "LATE", meaning: "delayed" },
        { ...row, code: "RAIL", meaning: null },
      ];
      return { value: { codes } };
    };
    const codes = await asked();
    expect(batch).to.deep.include({ connection: "acme", facts: [fact] });
    const text = codesText(codes);
    expect(text).to.match(
      /RAIL +milestone +2 +no meaning: "Rail hold"\nLATE +milestone +2 +delayed/,
    );
    expect(text).to.include("1 have no meaning there: Configuration › Code Maps");
    expect(trialText({ ...report, odoo_codes: codes }))
      .to.include(text)
      .and.not.include(MAYBE);
  });

  it("need none where the file gives each its meaning", async () => {
    odoo.intercept = ({ method }) =>
      method === "code_meanings" ? { value: { codes: [] } } : undefined;
    expect(codesText(await asked())).to.include("the file gives every code its meaning");
  });

  it("are not asked of an older addon, nor of an Odoo that is away, which is said", async () => {
    odoo.contract = "1.2";
    const older = await asked();
    expect(older).to.deep.include({ asked: false });
    expect(trialText({ ...report, odoo_codes: older })).to.match(/addon .* is older/);
    await odoo.stop();
    expect(codesText(await asked())).to.include("could not be asked: ");
    await odoo.start();
  });

  it("are left to Odoo in words when nobody is asked, and one reason is said once", () => {
    const text = trialText(report);
    expect(text).to.include(MAYBE).and.not.include("Odoo's code maps");
    expect(text).to.include(`Partner: ${unasked.why}`);
  });

  it("are followed by what the partner answered to a trial of the poll", () => {
    const fine = { asked: true as const, ok: true as const, messages: 3, bytes: 90, warnings: [] };
    expect(trialText({ ...report, poll: fine })).to.include(
      "Partner: lets us in, and answers a page of 90 bytes",
    );
    const text = "The partner of acme refuses our credentials (401)";
    const poll = {
      asked: true as const,
      ok: false as const,
      code: "peer_unauthorized",
      text,
      hint: "check peer.auth",
    };
    expect(trialText({ ...report, poll })).to.match(/\(401\) \[peer_unauthorized\]\n +check peer/);
  });
});
