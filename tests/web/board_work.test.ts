import { expect } from "chai";
import { clock } from "./odoo_stand_ins.ts";
import { merge } from "../../web/control_tower/board_state.ts";
import { mountBoard, type MountedBoard } from "./mounted_board.ts";
import { board, issue, shipment, timeline } from "./shipments.ts";

const refused = (message: string) =>
  Object.assign(new Error("no"), {
    exceptionName: "odoo.exceptions.UserError",
    data: { message },
  });

describe("working on the board", () => {
  let tower: MountedBoard;
  beforeEach(async () => {
    tower = await mountBoard();
    const rows = [1, 2, 3].map((id) => shipment(id, { issue: issue(id) }));
    tower.reads.answer(board({ exception: rows }));
    await tower.settled();
  });
  afterEach(() => tower.destroy());

  const press = async (id: number, name: string) => {
    const target = tower.find(`[data-shipment-id='${id}']`);
    target.focus();
    target.dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
    );
    await tower.settled();
  };
  const works = () => tower.calls("work");

  it("owns an exception in one gesture, and takes that back", async () => {
    await press(1, "a");
    expect(works().made.at(0)!.args).to.deep.equal([[1], "own", false, false]);
    const before = [{ id: 1, state: "open", user_id: false }];
    works().answer(before);
    await tower.settled();
    expect(tower.notifications).to.deep.equal(["1 yours now"]);
    tower.reads.answer(
      board({ exception: [shipment(1, { issue: issue(1, { is_mine: true, owner: "Ann" }) })] }),
    );
    await tower.settled();
    expect(tower.text("[data-shipment-id='1'] .o_mp_remarks")).to.include("Mine");
    tower.pressNotified("Undo");
    expect(tower.calls("restore").made.at(0)!.args).to.deep.equal([before]);
  });

  it("says why Odoo does not take it back", async () => {
    await press(1, "a");
    works().answer([{ id: 1, state: "open", user_id: false }]);
    await tower.settled();
    tower.pressNotified("Undo");
    tower.calls("restore").fail(refused("It was closed meanwhile."));
    await tower.settled();
    expect(tower.notifications).to.deep.equal(["1 yours now", "It was closed meanwhile."]);
  });

  it("acknowledges all that are selected, and they leave the column", async () => {
    await press(1, "x");
    await press(3, "x");
    expect(tower.text(".o_mp_bulk_bar span")).to.equal("2 selected");
    await press(2, "e");
    expect(works().made.at(0)!.args).to.deep.equal([[1, 3], "acknowledge", false, false]);
    works().answer([{ id: 1 }, { id: 3 }]);
    await tower.settled();
    const acknowledged = issue(1, { state: "acknowledged", owner: "Ann" });
    tower.reads.answer(
      board({ exception: [shipment(2)], in_transit: [shipment(1, { issue: acknowledged })] }),
    );
    await tower.settled();
    expect(tower.texts(".o_mp_bulk_bar")).to.deep.equal([]);
    expect(tower.text("[data-column=in_transit] .o_mp_remarks")).to.equal("Acknowledged · Ann");
  });

  it("snoozes the open shipment until a time, and says why Odoo refuses", async () => {
    tower.find("[data-shipment-id='2']").click();
    await tower.settled();
    tower.timelines.answer(timeline(shipment(2, { issue: issue(2) })));
    await tower.settled();
    const select = tower.find(".o_mp_snooze") as HTMLSelectElement;
    select.selectedIndex = 2;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(works().made.at(0)!.args).to.deep.equal([[2], "snooze", "2026-11-23 15:00:00", false]);
    works().fail(refused("Your role may not work on issues."));
    await tower.settled();
    expect(tower.notifications).to.deep.equal(["Your role may not work on issues."]);
  });

  it("gives all that are selected to a colleague, and closes them", async () => {
    await press(1, "x");
    await press(2, "x");
    tower.calls("colleagues").answer([
      { id: 5, name: "Ann" },
      { id: 7, name: "Ben" },
    ]);
    await tower.settled();
    const select = tower.find(".o_mp_assign") as HTMLSelectElement;
    expect([...select.options].map(({ text }) => text)).to.deep.equal(["Assign…", "Ann", "Ben"]);
    select.selectedIndex = 2;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(works().made.at(0)!.args).to.deep.equal([[1, 2], "assign", false, 7]);
    tower.find(".o_mp_close_issue").click();
    expect(works().made.at(1)!.args).to.deep.equal([[1, 2], "close", false, false]);
    works().answer([{ id: 1 }, { id: 2 }]);
    works().answer([{ id: 1 }, { id: 2 }]);
    await tower.settled();
    expect(tower.notifications).to.deep.equal(["2 assigned", "2 closed"]);
  });

  it("shows the next step where nobody deals with it, and not where somebody does", async () => {
    const step = { next_step: "Send the papers" };
    tower.bus.notify([1]);
    clock.pass(60);
    tower.reads.answer(
      board({
        exception: [shipment(1, { issue: issue(1, step) })],
        in_transit: [shipment(2, { issue: issue(2, { ...step, state: "acknowledged" }) })],
      }),
    );
    await tower.settled();
    expect(tower.texts(".o_mp_next_step")).to.deep.equal(["Send the papers"]);
    tower.find("[data-shipment-id='1']").click();
    await tower.settled();
    tower.timelines.answer(timeline(shipment(1, { issue: issue(1, step) })));
    await tower.settled();
    expect(tower.text(".o_mp_panel .o_mp_next_step")).to.equal("Send the papers");
  });

  it("does not draw a card anew whose issue is as it was", () => {
    const answer = () => board({ exception: [shipment(1, { issue: issue(1) })] });
    const { columns } = merge([], answer());
    expect(merge(columns, answer()).columns.at(0)!.shipments.at(0)).to.equal(
      columns.at(0)!.shipments.at(0),
    );
  });
});
