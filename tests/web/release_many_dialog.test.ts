import { expect } from "chai";
import type { Released } from "../../web/invoice_holds/hold_data.ts";
import { ReleaseManyDialog } from "../../web/invoice_holds/release_many_dialog/release_many_dialog.ts";
import { mountComponent, type Mounted } from "./mounted.ts";

describe("the dialog that releases alike holds", () => {
  let page: Mounted;
  let sent: string[][];
  let closed: number;
  const skipped = [{ id: 9, name: "SHP/9: Damage", why: "400 is above your limit of 250" }];

  const open = async (answer: Released | string, free = [1, 2]) => {
    [sent, closed] = [[], 0];
    page = await mountComponent(ReleaseManyDialog, {
      outlook: { free, skipped },
      codes: [["evidence", "Evidence Seen"]],
      release: (code: string, text: string) => {
        sent.push([code, text]);
        return Promise.resolve(answer);
      },
      close: () => (closed += 1),
    });
  };
  const fill = async () => {
    const select = page.find("select") as HTMLSelectElement;
    select.value = "evidence";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const area = page.find("textarea") as HTMLTextAreaElement;
    area.value = "photos seen";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    page.find(".o_mp_confirm").click();
    await page.settled();
  };
  afterEach(() => page.destroy());

  it("says how many can go, and why the others stay, before anything is decided", async () => {
    await open({ released: [1, 2], agreed: [], skipped: [] });
    expect(page.text(".o_mp_free")).to.equal("2 of 3 can be released by you.");
    expect(page.text(".o_mp_skipped li")).to.equal("SHP/9: Damage: 400 is above your limit of 250");
    page.find(".o_mp_confirm").click();
    await page.settled();
    expect(sent).to.deep.equal([]);
    await fill();
    expect(sent).to.deep.equal([["evidence", "photos seen"]]);
    expect(closed).to.equal(1);
  });

  it("stays open with what the server skipped all the same", async () => {
    await open({ released: [1], agreed: [], skipped });
    await fill();
    expect(closed).to.equal(0);
    expect(page.text("[role=status]")).to.equal("1 released.");
    expect(page.texts(".o_mp_confirm")).to.deep.equal([]);
  });

  it("offers nothing to whoever may release none of them", async () => {
    await open("no", []);
    expect(page.texts("select, .o_mp_confirm")).to.deep.equal([]);
    expect(page.text(".o_mp_skipped summary")).to.equal("1 stay held:");
  });
});
