/**
 * The boards, in a language in which each of our terms stands in ⟦⟧: what stands outside is data, or was
 * forgotten. `npm run test:pseudo` looks at every screen of a real Odoo so.
 */
import { expect } from "chai";
import type { ComponentConstructor } from "@odoo/owl";
import type { DateTime } from "luxon";
import { LagBoard } from "../../web/billing_lag/lag_board/lag_board.ts";
import { instant } from "../../web/components/moments.ts";
import { labelsOf } from "../../web/control_tower/labels.ts";
import { StopTimeline } from "../../web/control_tower/stop_timeline/stop_timeline.ts";
import { HoldBoard } from "../../web/invoice_holds/hold_board/hold_board.ts";
import { ReleaseDialog } from "../../web/invoice_holds/release_dialog/release_dialog.ts";
import { ReleaseManyDialog } from "../../web/invoice_holds/release_many_dialog/release_many_dialog.ts";
import { bracketed } from "../pseudo/brackets.ts";
import { Judge } from "../pseudo/judge.ts";
import { figures, kpis } from "./figures.ts";
import { answer, group, hold } from "./holds.ts";
import { mountBoard } from "./mounted_board.ts";
import { mountComponent, type Mounted } from "./mounted.ts";
import { speak } from "./odoo_stand_ins.ts";
import { board, fact, issue, NOW, shipment, stop, timeline } from "./shipments.ts";

/** Of dates, which Luxon writes in the reader's own language. */
const DATES = ["Mon", "Wed", "Nov"];
const ATTRIBUTES = ["title", "placeholder", "aria-label", "alt", "data-tooltip"];

/** Every text and label below an element. */
function textsIn(root: Element): string[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: string[] = [];
  while (walker.nextNode() !== null) texts.push(walker.currentNode.nodeValue ?? "");
  for (const name of ATTRIBUTES) {
    for (const element of root.querySelectorAll(`[${name}]`)) {
      texts.push(element.getAttribute(name) ?? "");
    }
  }
  return texts.map((text) => text.replaceAll(/\s+/g, " ").trim()).filter((text) => text !== "");
}

/** Each text within what Odoo or a partner said. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}

describe("in the pseudo language no text of ours stands without brackets", () => {
  let page: Mounted;
  before(() => speak(bracketed));
  after(() => speak());
  afterEach(() => page.destroy());

  const naked = (...data: unknown[]) => {
    const values = [...DATES, ...data.flatMap(stringsOf)].toSorted((a, b) => b.length - a.length);
    const judge = new Judge({ ours: [], odoo: new Set(), data: values });
    return textsIn(page.root).filter((text) => judge.naked(text) !== undefined);
  };
  /** What is drawn has words of ours, and all of them in brackets. */
  const expectBracketed = (...data: unknown[]) => {
    expect(page.root.textContent).to.include("⟦");
    expect(naked(...data)).to.deep.equal([]);
  };
  const shows = async (component: ComponentConstructor, props: object) => {
    page = await mountComponent(component, props);
    await page.settled();
    expectBracketed(props);
  };

  it("notices one that does", async () => {
    page = await mountComponent(ReleaseManyDialog, {
      outlook: { free: [1], skipped: [] },
      codes: [],
      release: () => Promise.resolve(""),
      close: () => {},
    });
    page.root.append("Forgotten words");
    expect(naked()).to.deep.equal(["Forgotten words"]);
  });

  it("on the control tower, and in the panel of a shipment", async () => {
    const first = shipment(1, {
      exception_code: "customs_hold",
      exception_since: NOW,
      issue: issue(1),
    });
    const rows = {
      exception: [first],
      late: [shipment(2, { is_damaged: true, attempt_count: 2, unmapped_count: 1 })],
      silent: [
        shipment(3, { is_silent: true, issue: issue(3, { state: "snoozed", owner: "Ann" }) }),
      ],
      in_transit: [shipment(4, { is_overdue: true, eta: false })],
      delivered: [shipment(5, { state: "delivered", delivered_at: NOW })],
    };
    const tower = await mountBoard({ openId: 1 });
    page = tower;
    tower.reads.answer(board(rows, { late: 90 }));
    await tower.settled();
    const open = { ...timeline(first), stops: [stop(1, { facts: [fact(1)] })] };
    tower.timelines.answer(open);
    await tower.settled();
    expectBracketed(rows, open);
  });

  it("on the stops of a shipment", async () => {
    const stops = [
      stop(1, {
        window_start: "2026-11-23 08:00:00",
        window_end: "2026-11-23 10:00:00",
        arrived_at: "2026-11-23 11:00:00",
        lateness_minutes: 60,
        is_late: true,
        facts: [
          fact(1, { superseded: true, reason: "traffic" }),
          fact(2, { conditions: ["damaged"] }),
        ],
      }),
      stop(2, { estimated_arrival: NOW, outcome: "refused", state: "done" }),
    ];
    const props = { stops, labels: labelsOf({}), now: instant(NOW) as DateTime };
    await shows(StopTimeline, props);
  });

  it("on the board of invoice holds", async () => {
    const lines = [
      hold(1, { percent: 9.7, people: 2 }),
      hold(2, { blocked_amount: 900, reviewer: "Ann" }),
    ];
    const data = answer([group("pod_missing", lines, { count: 90 })]);
    page = await mountComponent(HoldBoard, { domain: [] });
    page.calls("hold_board").answer(data);
    await page.settled();
    expectBracketed(data);
  });

  it("in the dialogs that release holds", async () => {
    const release = () => Promise.resolve(null);
    const common = { codes: [["evidence", "Evidence Seen"]], release, close: () => {} };
    await shows(ReleaseDialog, { ...common, line: hold(1) });
    page.destroy();
    const outlook = { free: [1, 2], skipped: [{ id: 9, name: "SHP/9", why: "Above the limit" }] };
    await shows(ReleaseManyDialog, { ...common, outlook });
  });

  it("on the board of the billing lag", async () => {
    const label = "Proof Missing";
    const hours = { hours: 3, primary_hours: 3, amount: 10, primary_amount: 10 };
    const row = { side: "ar" as const, reason: "pod_missing", label, n: 3, primary_n: 3, ...hours };
    page = await mountComponent(LagBoard, { domain: [] });
    page.calls("figures").answer(figures({ kpis: kpis({ hold_pareto: [row] }) }));
    await page.settled();
    expectBracketed(row);
  });
});
