import { expect } from "chai";
import { IssueWork } from "../../web/work_queue/issue_work/issue_work.ts";
import { mountComponent, type Mounted } from "./mounted.ts";
import { user } from "./odoo_stand_ins.ts";

describe("working on an issue in Odoo's own views", () => {
  let mounted: Mounted;
  let loads = 0;
  afterEach(() => mounted.destroy());

  const open = async (data: object, isShort = false) => {
    loads = 0;
    const model = { load: () => Promise.resolve((loads += 1)) };
    const record = {
      resId: 3,
      data: { state: "open", user_id: false, is_workable: true, ...data },
      model,
    };
    mounted = await mountComponent(IssueWork, { record, isShort });
  };

  it("closes it on the form, reads it again, and takes that back", async () => {
    await open({});
    mounted.find(".o_mp_close_issue").click();
    expect(mounted.calls("work").made.at(0)!.args).to.deep.equal([[3], "close", false, false]);
    const before = [{ id: 3, state: "open" }];
    mounted.calls("work").answer(before);
    await mounted.settled();
    expect([loads, mounted.notifications]).to.deep.equal([1, ["1 closed"]]);
    mounted.pressNotified("Undo");
    expect(mounted.calls("restore").made.at(0)!.args).to.deep.equal([before]);
  });

  it("offers in a line what is not done yet", async () => {
    const offered = () =>
      [...mounted.root.querySelectorAll("button")].map((one) => one.getAttribute("aria-label"));
    await open({}, true);
    expect(offered()).to.deep.equal(["Take it over", "Acknowledge"]);
    mounted.destroy();
    await open({ state: "acknowledged", user_id: { id: user.userId } }, true);
    expect(offered()).to.deep.equal([]);
  });

  it("offers nothing to whoever may not work on it", async () => {
    await open({ is_workable: false });
    expect(mounted.root.querySelector("button, select")).to.equal(null);
  });
});
