import { expect } from "chai";
import { HoldBoard } from "../../web/invoice_holds/hold_board/hold_board.ts";
import type { HoldLine } from "../../web/invoice_holds/hold_data.ts";
import { ReleaseManyDialog } from "../../web/invoice_holds/release_many_dialog/release_many_dialog.ts";
import { answer, group, hold } from "./holds.ts";
import { mountComponent, type Calls, type Mounted } from "./mounted.ts";
import { clock, router } from "./odoo_stand_ins.ts";

describe("the board of invoice holds", () => {
  let page: Mounted;
  let reads: Calls;
  beforeEach(async () => {
    page = await mountComponent(HoldBoard, { domain: [["reason", "=", "damage"]] });
    reads = page.calls("hold_board");
  });
  afterEach(() => page.destroy());

  const show = async (lines: HoldLine[], values = {}) => {
    reads.answer(answer([group("pod_missing", lines)], values));
    await page.settled();
  };
  const line = (id: number) => page.find(`[data-hold-id="${id}"]`);
  const press = (id: number, key: string) => {
    line(id).focus();
    line(id).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };
  const focusedId = () => Number((document.activeElement as HTMLElement).dataset["holdId"]);

  it("keeps the two sides apart, each with its sums by currency", async () => {
    await show([hold(1)]);
    expect(page.texts(".o_mp_side_sum")).to.deep.equal(["300.00 #1", "44.40 #1 + 7.00 #2"]);
    page.find('[data-side="ap"]').click();
    expect(reads.made.at(-1)!.kwargs).to.deep.include({
      domain: [["reason", "=", "damage"]],
      side: "ap",
      group: "reason",
    });
  });

  it("groups as the user wants, from the first page on", async () => {
    await show([hold(1)], { groups: [group("pod_missing", [hold(1)], { count: 90 })] });
    page.find(".o_mp_more").click();
    expect(reads.made.at(-1)!.kwargs).to.deep.include({ limits: { pod_missing: 80 } });
    reads.answer(answer([group("pod_missing", [hold(1)], { count: 90 })]));
    await page.settled();
    page.find('[data-grouping="carrier"]').click();
    expect(reads.made.at(-1)!.kwargs).to.deep.include({ group: "carrier", limits: {} });
  });

  it("says what a hold is about, and what it blocks where that is more", async () => {
    await show([
      hold(1, { amount: 44.4, percent: 9.756, blocked_amount: 44.4 }),
      hold(2, { amount: 50, blocked_amount: 1250 }),
    ]);
    expect(page.texts(".o_mp_amount")).to.deep.equal(["44.40 #1", "50.00 #1"]);
    expect(page.texts("td.o_mp_money .o_mp_faint")).to.deep.equal(["9.756 %", "blocks 1250.00 #1"]);
    expect(page.texts(".o_mp_since")[1]).to.equal("5 h");
    expect(page.text(".o_mp_oldest")).to.equal("oldest 2 d");
  });

  it("offers a decision only to who decides, and none on what only a fix clears", async () => {
    await show([hold(1, { may_review: false })], { role: false });
    expect(page.texts(".o_mp_release")).to.deep.equal([]);
    expect(page.texts(".o_mp_open_shipment")).to.have.length(1);
    page.bus.notify([2]);
    clock.pass(60);
    await show([hold(2, { severity: "hard", may_release: false })]);
    expect(page.texts(".o_mp_release")).to.deep.equal([]);
  });

  it("tells how far the agreement of two people is", async () => {
    await show([hold(1, { people: 2, agreed: ["Controller"], state: "in_review" })]);
    expect(page.text(".o_mp_hold_state")).to.equal("1 of 2 agreed: Controller");
    expect(page.text(".o_mp_release")).to.equal("Agree");
  });

  it("releases through the dialog, with a code and a text, and reads again", async () => {
    await show([hold(1)]);
    page.find(".o_mp_release").click();
    const release = page.dialogs.at(0)!.props["release"] as (
      a: string,
      b: string,
    ) => Promise<unknown>;
    const done = release("evidence", "paper seen");
    expect(page.calls("action_release").made[0]).to.deep.equal({
      args: [[1]],
      kwargs: { code: "evidence", text: "paper seen" },
    });
    page.calls("action_release").answer(null);
    await page.settled();
    await show([]);
    expect(await done).to.equal(null);
    expect(page.notifications).to.deep.equal(["Released"]);
  });

  it("gives the dialog the server's refusal in the server's words", async () => {
    await show([hold(1)]);
    press(1, "r");
    const release = page.dialogs.at(0)!.props["release"] as (
      a: string,
      b: string,
    ) => Promise<unknown>;
    const done = release("evidence", "paper seen");
    page.calls("action_release").fail(
      Object.assign(new Error("RPC"), {
        exceptionName: "odoo.exceptions.AccessError",
        data: { message: "9.756 % is above your limit of 5 %" },
      }),
    );
    expect(await done).to.equal("9.756 % is above your limit of 5 %");
    expect(page.notifications).to.deep.equal([]);
  });

  it("offers what mends the cause, and reads again when that is done", async () => {
    await show([hold(1, { fix: "proof" }), hold(2, { fix: false })], { role: false });
    expect(page.texts(".o_mp_fix")).to.deep.equal(["Supply proof"]);
    page.find(".o_mp_fix").click();
    expect(page.calls("action_fix").made.at(0)!.args).to.deep.equal([[1]]);
    page.calls("action_fix").answer({ res_model: "milepost.supply.proof" });
    await page.settled();
    expect(page.actions).to.deep.equal([{ res_model: "milepost.supply.proof" }]);
  });

  it("is worked by keys: up and down, review, open", async () => {
    await show([hold(1), hold(2)]);
    press(1, "ArrowDown");
    expect(focusedId()).to.equal(2);
    press(2, "v");
    expect(page.calls("action_review").made.at(0)!.args).to.deep.equal([[2]]);
    press(2, "o");
    press(2, "Enter");
    expect(page.actions).to.deep.include.members([
      {
        type: "ir.actions.act_window",
        res_model: "milepost.shipment",
        res_id: 72,
        views: [[false, "form"]],
      },
      {
        type: "ir.actions.act_window",
        res_model: "milepost.hold",
        res_id: 2,
        views: [[false, "form"]],
      },
    ]);
  });

  it("reads again when a hold changes, and keeps the keyboard's place when one goes", async () => {
    await show([hold(1), hold(2), hold(3)]);
    line(2).focus();
    page.bus.notify([2]);
    clock.pass(60);
    await show([hold(1), hold(3)]);
    expect(page.texts(".o_mp_hold_name")).to.deep.equal(["SHP/1", "SHP/3"]);
    expect(focusedId()).to.equal(3);
  });

  it("folds a group to its sum", async () => {
    await show([hold(1), hold(2)]);
    page.find(".o_mp_fold").click();
    await page.settled();
    expect(page.texts(".o_mp_hold_line")).to.deep.equal([]);
    expect(page.text(".o_mp_sum")).to.equal("200.00 #1");
  });

  it("says that nothing is held, on each side in its words", async () => {
    reads.answer(answer([]));
    await page.settled();
    expect(page.text(".o_mp_empty h2")).to.equal("No customer invoice is held");
  });

  it("says who may see it when Odoo refuses", async () => {
    reads.fail(Object.assign(new Error("no"), { exceptionName: "odoo.exceptions.AccessError" }));
    await page.settled();
    expect(page.text(".o_mp_refused")).to.include("one of the Milepost roles");
  });

  it("releases a hundred alike holds in three gestures, and tells which stay and why", async () => {
    const alike = Array.from({ length: 3 }, (_one, index) => hold(index + 1));
    const ids = Array.from({ length: 100 }, (_one, index) => index + 1);
    await show(alike, {
      groups: [group("damage", alike, { count: 100, hold_ids: ids })],
    });
    page.find(".o_mp_release_all").click(); // the first gesture
    expect(page.calls("release_outlook").made.at(0)!.args).to.deep.equal([ids]);
    const skipped = [{ id: 100, name: "SHP/100: Damage", why: "400 is above your limit of 250" }];
    page.calls("release_outlook").answer({ free: ids.slice(0, 99), skipped });
    await page.settled();
    const { component, props } = page.dialogs.at(0)!;
    expect(component).to.equal(ReleaseManyDialog);
    expect(props["outlook"]).to.deep.equal({ free: ids.slice(0, 99), skipped });
    const release = props["release"] as (code: string, text: string) => Promise<unknown>;
    const done = release("evidence", "photos seen");
    expect(page.calls("release_alike").made.at(0)!.args).to.deep.equal([
      ids.slice(0, 99),
      "evidence",
      "photos seen",
    ]);
    page.calls("release_alike").answer({ released: ids.slice(0, 99), agreed: [], skipped: [] });
    await page.settled();
    await show([]);
    expect(await done).to.deep.equal({ released: ids.slice(0, 99), agreed: [], skipped: [] });
    expect(page.notifications).to.deep.equal(["99 released"]);
  });

  it("selects with x, and releases what is selected", async () => {
    await show([hold(1), hold(2), hold(3)]);
    press(1, "x");
    press(3, "x");
    await page.settled();
    expect(page.text(".o_mp_bulk_bar span")).to.equal("2 selected");
    press(2, "r");
    expect(page.calls("release_outlook").made.at(0)!.args).to.deep.equal([[1, 3]]);
    press(3, "x");
    press(1, "x");
    await page.settled();
    expect(page.texts(".o_mp_bulk_bar")).to.deep.equal([]);
  });

  it("has an address for the side and the grouping, and starts from it", async () => {
    page.destroy();
    const addresses: object[] = [];
    router.current = { side: "ap", group: "carrier" };
    page = await mountComponent(HoldBoard, {
      domain: [],
      updateActionState: (values: object) => addresses.push(values),
    });
    router.current = {};
    reads = page.calls("hold_board");
    expect(reads.made.at(0)!.kwargs).to.deep.include({ side: "ap", group: "carrier" });
    await show([hold(1)]);
    page.find('[data-side="ar"]').click();
    page.find('[data-grouping="release"]').click();
    expect(addresses).to.deep.equal([{ side: "ar" }, { group: "release" }]);
  });

  it("opens a hold wherever its line is clicked, and mends where the button is", async () => {
    await show([hold(1, { fix: "proof" })]);
    page.find("td.o_mp_clears").click();
    expect(page.actions).to.deep.include.members([
      {
        type: "ir.actions.act_window",
        res_model: "milepost.hold",
        res_id: 1,
        views: [[false, "form"]],
      },
    ]);
    page.find(".o_mp_fix").click();
    expect(page.actions).to.have.length(1);
  });

  it("urges nobody to release what is about no money", async () => {
    await show([hold(1, { amount: 0 }), hold(2)]);
    expect(line(1).querySelector(".o_mp_release.btn-primary")).to.equal(null);
    expect(line(2).querySelector(".o_mp_release.btn-primary")).to.not.equal(null);
  });
});
