import { expect } from "chai";
import { clock, router } from "./odoo_stand_ins.ts";
import { mountBoard, type MountedBoard } from "./mounted_board.ts";
import { board, shipment, timeline } from "./shipments.ts";

describe("the board", () => {
  let tower: MountedBoard;
  beforeEach(async () => {
    tower = await mountBoard();
  });
  afterEach(() => tower.destroy());

  const first = async (...args: Parameters<typeof board>) => {
    tower.reads.answer(board(...args));
    await tower.settled();
  };

  it("is there at once, as a skeleton, and fills when Odoo has answered", async () => {
    expect(tower.root.querySelectorAll(".o_mp_skeleton .o_mp_column")).to.have.length(6);
    await first({ late: [shipment(1)], in_transit: [shipment(2), shipment(3)] });
    expect(tower.customers("in_transit")).to.deep.equal(["Customer 2", "Customer 3"]);
    expect(tower.text("[data-column=late] .o_mp_count")).to.equal("1");
  });

  it("folds the columns that are empty until something comes into them", async () => {
    await first({ late: [shipment(1)], silent: [] });
    expect(tower.root.querySelector("[data-column=silent].o_mp_folded")).to.not.equal(null);
    tower.bus.notify([2]);
    clock.pass(60);
    tower.reads.answer(board({ late: [shipment(1)], silent: [shipment(2)] }));
    await tower.settled();
    expect(tower.customers("silent")).to.deep.equal(["Customer 2"]);
  });

  it("reads once for a burst of notices", async () => {
    await first({ late: [shipment(1)] });
    for (const id of [1, 2, 3, 1]) tower.bus.notify([id]);
    clock.pass(60);
    expect(tower.reads.made).to.have.length(2);
  });

  it("reads once more after a read during which something changed", async () => {
    await first({ late: [shipment(1)] });
    tower.bus.notify([1]);
    clock.pass(60);
    tower.bus.notify([1]);
    clock.pass(10_000);
    expect(tower.reads.waiting, "never two reads at once").to.equal(1);
    tower.reads.answer(board({ late: [shipment(1, { rev: 2 })] }));
    await tower.settled();
    clock.pass(10_000);
    expect(tower.reads.made).to.have.length(3);
  });

  it("goes on hearing of changes after a read that a newer one overtook", async () => {
    await first({ late: [shipment(1)] }, { late: 100 });
    tower.bus.notify([1]);
    clock.pass(60);
    (tower.root.querySelector(".o_mp_more") as HTMLElement).click();
    tower.reads.answer(board({ late: [shipment(9)] })); // of the notice; overtaken
    tower.reads.answer(board({ late: [shipment(1), shipment(2)] }));
    await tower.settled();
    expect(tower.customers("late")).to.deep.equal(["Customer 1", "Customer 2"]);
    tower.bus.notify([1]);
    clock.pass(10_000);
    expect(tower.reads.waiting).to.equal(1);
  });

  it("asks for more of one column and of no other", async () => {
    await first({ late: [shipment(1)], waiting: [shipment(2)] }, { waiting: 200 });
    expect(tower.text(".o_mp_more")).to.equal("Show more (199)");
    (tower.root.querySelector(".o_mp_more") as HTMLElement).click();
    expect(tower.reads.made.at(-1)!.args.slice(0, 3)).to.deep.equal([[], 80, { waiting: 160 }]);
    await tower.settled();
    expect((tower.root.querySelector(".o_mp_more") as HTMLButtonElement).disabled).to.equal(true);
  });

  it("says so when the line to Odoo is down, and catches up when it is back", async () => {
    await first({ late: [shipment(1)] });
    tower.bus.dispatchEvent(new Event("BUS:DISCONNECT"));
    await tower.settled();
    expect(tower.text(".o_mp_live")).to.equal("Not connected");
    tower.bus.dispatchEvent(new Event("BUS:RECONNECT"));
    clock.pass(60);
    tower.reads.answer(board({ late: [shipment(1), shipment(2)] }));
    await tower.settled();
    expect(tower.text(".o_mp_live")).to.equal("Live");
    expect(tower.customers("late")).to.have.length(2);
  });

  it("keeps what it shows when a read in the background fails, and says so", async () => {
    await first({ late: [shipment(1)] });
    tower.bus.notify([1]);
    clock.pass(60);
    tower.reads.fail(new Error("gone"));
    await tower.settled();
    expect(tower.customers("late")).to.deep.equal(["Customer 1"]);
    expect(tower.text(".o_mp_live")).to.equal("Not connected");
  });

  it("offers to try again when the first read fails", async () => {
    tower.reads.fail(new Error("gone"));
    await tower.settled();
    expect(tower.text(".o_mp_failed h2")).to.equal("The board could not be read");
    (tower.root.querySelector(".o_mp_failed button") as HTMLElement).click();
    await first({ late: [shipment(1)] });
    expect(tower.customers("late")).to.deep.equal(["Customer 1"]);
  });

  it("says who may see it when Odoo refuses", async () => {
    const refusal = Object.assign(new Error("no"), {
      exceptionName: "odoo.exceptions.AccessError",
    });
    tower.reads.fail(refusal);
    await tower.settled();
    expect(tower.text(".o_mp_refused")).to.include("one of the Milepost roles");
  });

  it("reads the open shipment again when that one changed, and only then", async () => {
    await first({ late: [shipment(1), shipment(2)] });
    (tower.root.querySelector("[data-shipment-id='1']") as HTMLElement).click();
    await tower.settled();
    tower.timelines.answer(timeline(shipment(1)));
    await tower.settled();
    tower.bus.notify([2]);
    await tower.settled();
    expect(tower.timelines.made).to.have.length(1);
    tower.bus.notify([1]);
    await tower.settled();
    expect(tower.timelines.made).to.have.length(2);
  });

  it("never shows one shipment under the name of another", async () => {
    await first({ late: [shipment(1), shipment(2)] });
    (tower.root.querySelector("[data-shipment-id='1']") as HTMLElement).click();
    await tower.settled();
    tower.timelines.answer(timeline(shipment(1)));
    await tower.settled();
    (tower.root.querySelector("[data-shipment-id='2']") as HTMLElement).click();
    await tower.settled();
    tower.timelines.fail(new Error("gone"));
    await tower.settled();
    expect(tower.text(".o_mp_panel h2")).to.equal("");
    expect(tower.text(".o_mp_unread")).to.include("could not be read");
  });

  it("says why nothing is heard of a shipment, and leads to the step that helps", async () => {
    await first({ silent: [shipment(1, { is_silent: true }), shipment(2, { is_silent: true })] });
    const show = async (id: number, action: object | false) => {
      (tower.root.querySelector(`[data-shipment-id='${id}']`) as HTMLElement).click();
      await tower.settled();
      const silence = { cause: "not_sent", what: "The order waits", step: "Look on it", action };
      tower.timelines.answer({ ...timeline(shipment(id)), silence });
      await tower.settled();
    };
    const action = { type: "ir.actions.act_window", res_model: "milepost.outbox" };
    await show(1, action);
    expect(tower.text(".o_mp_silence")).to.include("The order waits");
    (tower.root.querySelector(".o_mp_silence_step") as HTMLElement).click();
    expect(tower.actions).to.deep.equal([action]);
    await show(2, false);
    expect(tower.text(".o_mp_silence")).to.include("Look on it");
    expect(tower.root.querySelector(".o_mp_silence_step")).to.equal(null);
  });

  it("offers what can be done about the open shipment, by mouse and by key", async () => {
    await first({ late: [shipment(1)] });
    tower.find("[data-shipment-id='1']").click();
    await tower.settled();
    const actions = [
      { key: "note", name: "Note", hotkey: "n" },
      { key: "eta", name: "ETA", hotkey: "t" },
    ];
    tower.timelines.answer({ ...timeline(shipment(1)), actions });
    await tower.settled();
    expect(tower.texts(".o_mp_panel_actions button")).to.deep.equal(["Note", "ETA"]);
    const asked = tower.calls("panel_action");
    tower.find("[data-action=note]").click();
    expect(asked.made.at(0)!.args).to.deep.equal([[1], "note"]);
    const dialog = { type: "ir.actions.act_window", res_model: "mail.compose.message" };
    asked.answer(dialog);
    await tower.settled();
    expect(tower.actions).to.deep.equal([dialog]);
    await key("t");
    expect(asked.made.at(1)!.args).to.deep.equal([[1], "eta"]);
    const read = tower.timelines.made.length;
    asked.answer(false);
    await tower.settled();
    expect(tower.timelines.made, "what was done is read").to.have.length(read + 1);
  });

  const key = async (name: string, target: EventTarget = document.body) => {
    target.dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
    );
    await tower.settled();
  };
  const focused = () => (document.activeElement as HTMLElement).dataset["shipmentId"];

  it("is gone through with j and k, as with the arrows", async () => {
    await first({ late: [shipment(1), shipment(2)] });
    await key("j");
    expect(focused(), "from nowhere to the first").to.equal("1");
    await key("j", document.activeElement!);
    expect(focused()).to.equal("2");
    await key("k", document.activeElement!);
    expect(focused()).to.equal("1");
  });

  it("says its keys when asked, but not while somebody types", async () => {
    await first({ late: [shipment(1)] });
    await key("?", tower.find(".o_searchview_input"));
    expect(tower.dialogs).to.have.length(0);
    await key("?");
    const { keys } = tower.dialogs.at(0)!.props as { keys: { keys: string[] }[] };
    expect(keys.flatMap((one) => one.keys)).to.include.members(["j", "k", "/", "?", "Enter"]);
  });

  it("has an address for the open shipment and for the layout", async () => {
    await first({ late: [shipment(1), shipment(2)] });
    tower.find("[data-shipment-id='1']").click();
    tower.find(".o_mp_show_list").click();
    await tower.settled();
    await key("Escape", tower.find("[data-shipment-id='1']"));
    expect(tower.addresses).to.deep.equal([{ resId: 1 }, { layout: "list" }, { resId: undefined }]);
  });

  it("makes one step of the history of leafing through shipments", async () => {
    await first({ late: [shipment(1), shipment(2), shipment(3)] });
    tower.find("[data-shipment-id='1']").click();
    await key("j", tower.find("[data-shipment-id='1']"));
    await key("j", tower.find("[data-shipment-id='2']"));
    expect(tower.addresses).to.deep.equal([{ resId: 1 }]);
    clock.pass(1000);
    expect(tower.addresses.at(-1)).to.deep.equal({ resId: 3 });
  });

  it("says that a shipment is gone or not for the user, and leads back", async () => {
    await first({ late: [shipment(1)] });
    tower.find("[data-shipment-id='1']").click();
    await tower.settled();
    tower.timelines.fail(
      Object.assign(new Error("no"), { exceptionName: "odoo.exceptions.MissingError" }),
    );
    await tower.settled();
    expect(tower.text(".o_mp_unread")).to.include("no such shipment");
    tower.find(".o_mp_unread button").click();
    await tower.settled();
    expect(tower.texts(".o_mp_panel")).to.deep.equal([]);
  });

  it("asks for what was delivered since midnight by the user's own clock", async () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(tower.reads.made.at(0)!.args).to.deep.equal([[], 80, {}, zone]);
  });
});

describe("the board by its address", () => {
  it("opens the shipment that the address names, in the layout that it names", async () => {
    router.current = { layout: "list" };
    const tower = await mountBoard({ openId: 7 });
    tower.reads.answer(board({ late: [shipment(7)] }));
    await tower.settled();
    router.current = {};
    expect(tower.timelines.made.at(0)!.args).to.deep.equal([7]);
    expect(tower.texts("tr[data-shipment-id='7']")).to.have.length(1);
    tower.destroy();
  });
});
