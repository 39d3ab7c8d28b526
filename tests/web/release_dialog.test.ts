import { expect } from "chai";
import { ReleaseDialog } from "../../web/invoice_holds/release_dialog/release_dialog.ts";
import type { HoldLine } from "../../web/invoice_holds/hold_data.ts";
import { hold } from "./holds.ts";
import { mountComponent, type Mounted } from "./mounted.ts";

describe("the dialog that releases a hold", () => {
  let page: Mounted;
  let sent: string[][];
  let answers: (string | null)[];
  let closed: number;

  const open = async (values: Partial<HoldLine> = {}) => {
    [sent, answers, closed] = [[], [], 0];
    page = await mountComponent(ReleaseDialog, {
      line: hold(1, values),
      codes: [["evidence", "Evidence Seen"]],
      release: (code: string, text: string) => {
        sent.push([code, text]);
        return Promise.resolve(answers.shift() ?? null);
      },
      close: () => (closed += 1),
    });
  };
  const fill = (code: string, text: string) => {
    const select = page.find("select") as HTMLSelectElement;
    select.value = code;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const area = page.find("textarea") as HTMLTextAreaElement;
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const confirm = async () => {
    page.find(".o_mp_confirm").click();
    await page.settled();
  };
  afterEach(() => page.destroy());

  it("asks for a code and a text before it sends anything", async () => {
    await open();
    await confirm();
    expect(sent).to.deep.equal([]);
    expect(page.texts(".is-invalid")).to.have.length(2);
    fill("evidence", "  paper seen ");
    await confirm();
    expect(sent).to.deep.equal([["evidence", "paper seen"]]);
    expect(closed).to.equal(1);
  });

  it("stays open with the server's refusal", async () => {
    await open();
    answers.push("somebody else released it");
    fill("evidence", "paper seen");
    await confirm();
    expect(page.text(".o_mp_refusal")).to.equal("somebody else released it");
    expect(closed).to.equal(0);
  });

  it("says why and who can, to whoever may not", async () => {
    await open({
      may_release: false,
      why_not: "You cannot release it: 9.756 % is above your limit of 5 %.",
      needs: "Finance Manager",
    });
    expect(page.root.querySelector("select")).to.equal(null);
    expect(page.text(".o_mp_refusal")).to.match(/limit of 5 %.\s*It can be released by: Finance/);
  });

  it("says that two people must agree, and who did", async () => {
    await open({ people: 2, agreed: ["Controller"] });
    expect(page.text(".alert-info")).to.include("Controller approved already");
    expect(page.text(".o_mp_confirm")).to.equal("Agree");
  });
});
