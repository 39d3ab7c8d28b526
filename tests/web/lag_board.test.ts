import { expect } from "chai";
import { LagBoard } from "../../web/billing_lag/lag_board/lag_board.ts";
import { figures, kpis } from "./figures.ts";
import { mountComponent, type Mounted } from "./mounted.ts";

describe("the board of the billing lag", () => {
  const domain = [["delivered_at", ">=", "2026-10-01"]];
  let page: Mounted;
  beforeEach(async () => {
    page = await mountComponent(LagBoard, { domain });
  });
  afterEach(() => page.destroy());

  const show = async (values: Parameters<typeof figures>[0] = {}) => {
    page.calls("figures").answer(figures(values));
    await page.settled();
  };
  const drill = async (selector: string) => {
    page.find(selector).click();
    const made = page.calls("records").made.at(-1)!;
    page
      .calls("records")
      .answer({ type: "ir.actions.act_window", res_model: String(made.args[0]) });
    await page.settled();
    return made.args;
  };

  it("begins each step of the waterfall where the one before it ended", async () => {
    await show();
    const bars = [...page.root.querySelectorAll<HTMLElement>("tbody [style].o_mp_bar")].slice(0, 6);
    const spans = bars.map((bar) => [
      Number.parseFloat(bar.style.marginInlineStart),
      Number.parseFloat(bar.style.width),
    ]);
    expect(spans).to.deep.equal([
      [0, 5],
      [5, 0],
      [5, 20],
      [25, 15],
      [40, 10],
      [50, 50],
    ]);
    expect(page.text(".o_mp_waterfall tfoot .o_mp_mean"), "20 h over two invoices").to.equal(
      "10 h",
    );
  });

  it("keeps an open shipment on the screen, by its age", async () => {
    await show();
    expect(page.text("[data-figure=readiness] .o_mp_tile_value")).to.match(/^6 h/);
    expect(page.text("[data-figure=readiness] .o_mp_faint")).to.equal(
      "P90 1 d 16 h · mean 16 h · of 3",
    );
    expect(page.text("[data-figure=readiness] .o_mp_tile_open")).to.equal("1 open, oldest 1 d 6 h");
    expect(page.text("[data-part=pod_wait] td.o_mp_waiting")).to.equal("1, 1 d 6 h each");
    expect(page.text("[data-part=bridge] td.o_mp_waiting")).to.equal("–");
  });

  it("writes a dash where there is nothing to count", async () => {
    await show();
    expect(page.text("[data-figure=proof] .o_mp_tile_value")).to.match(/^–/);
    expect(page.text("[data-figure=false_holds] .o_mp_tile_value")).to.equal("–");
    expect(page.text("[data-figure=first_pass] .o_mp_tile_value")).to.equal("50 %");
  });

  it("leads from each number to its records, with the search that it was counted over", async () => {
    await show();
    expect(await drill("[data-part=pod_wait] th button")).to.deep.equal(["part/pod_wait", domain]);
    expect(await drill("[data-part=pod_wait] td button")).to.deep.equal([
      "part/pod_wait/open",
      domain,
    ]);
    expect(await drill("[data-figure=readiness] .o_mp_tile_open")).to.deep.equal([
      "readiness/open",
      domain,
    ]);
    expect(await drill("[data-figure=touchless] button")).to.deep.equal(["touchless", domain]);
    expect(await drill(".o_mp_aging tbody tr:nth-child(2) button")).to.deep.equal([
      "unbilled/1",
      domain,
    ]);
    expect(page.actions).to.have.length(5);
  });

  it("shows an overlap once as primary, and raw beside it", async () => {
    const row = { side: "ar" as const, n: 2, hours: 50, amount: 1350, primary_n: 1 };
    await show({
      kpis: kpis({
        hold_pareto: [
          {
            ...row,
            reason: "pod_missing",
            label: "POD Missing",
            primary_hours: 40,
            primary_amount: 1250,
          },
        ],
      }),
    });
    const cells = page.texts(".o_mp_pareto tbody td").map((text) => text.replaceAll(/\s+/g, " "));
    expect(cells).to.deep.equal(["1 of 2", "1 d 16 h", "1250.00 #1", "2 d 2 h", "1350.00 #1"]);
    expect(await drill(".o_mp_pareto button")).to.deep.equal([
      "hold_pareto/ar/pod_missing",
      domain,
    ]);
  });

  it("says what to do where nothing was delivered", async () => {
    await show({ n: 0, posted: 0 });
    expect(page.text(".o_mp_empty h2")).to.equal("No delivered shipments here");
  });

  it("says for whom it is when Odoo refuses", async () => {
    page
      .calls("figures")
      .fail(Object.assign(new Error("no"), { exceptionName: "odoo.exceptions.AccessError" }));
    await page.settled();
    expect(page.text(".o_mp_refused")).to.include("for finance");
  });

  it("reads again on demand after a failure", async () => {
    page.calls("figures").fail(new Error("gone"));
    await page.settled();
    page.find(".o_mp_failed button").click();
    await show();
    expect(page.text(".o_mp_lag_counts")).to.equal("3 delivered · 2 invoiced · 1 open");
  });
});
