import { expect } from "chai";
import type { OutboxItem } from "../../bridge/canonical/exchange.ts";
import { expectedAnswers } from "../../bridge/outbound/expectations.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { outboxItem } from "../store/store_contract.ts";

const SENT = new Date("2026-11-30T06:00:00Z");
const USUAL = { receipt: 24, answer: 24, status: 24 };

/** The order with a pickup window that ends at that time, or none. */
function order(windowEnd?: string): OutboxItem {
  const item = structuredClone(outboxItem(7));
  if (item.kind !== "transport_order") throw new Error("no order");
  const [pickup] = item.payload.stops;
  delete pickup?.window_start;
  delete pickup?.window_end;
  if (pickup !== undefined && windowEnd !== undefined) pickup.window_end = windowEnd;
  return item;
}
const named = (it: ReturnType<typeof expectedAnswers>) =>
  Object.fromEntries(it.map(({ answer, by }) => [answer, by]));

describe("the answers that an order calls for", () => {
  it("are the source's usual ones, the first status after the planned pickup", () => {
    expect(named(expectedAnswers(order("2026-12-03T12:00:00Z"), {}, USUAL, SENT))).to.deep.equal({
      receipt: "2026-12-01T06:00:00Z",
      answer: "2026-12-01T06:00:00Z",
      status: "2026-12-04T12:00:00Z",
    });
    const [, , status] = expectedAnswers(order(), {}, USUAL, SENT);
    expect(status?.by).to.equal("2026-12-01T06:00:00Z");
    expect(expectedAnswers(order("2026-11-01T00:00:00Z"), {}, USUAL, SENT)[2]).to.deep.equal(
      status,
    );
  });

  it("are those that the connection names instead, none for 0", () => {
    const given = { receipt_hours: 0, answer_hours: 0.5 };
    expect(named(expectedAnswers(order(), given, USUAL, SENT))).to.deep.equal({
      answer: "2026-11-30T06:30:00Z",
      status: "2026-12-01T06:00:00Z",
    });
    expect(expectedAnswers(order(), {}, {}, SENT)).to.deep.equal([]);
  });

  it("of a change or a cancellation are the receipt alone, of an outcome none", () => {
    for (const kind of ["order_change", "order_cancellation"] as const) {
      const item = { ...order(), kind } as OutboxItem;
      expect(Object.keys(named(expectedAnswers(item, {}, USUAL, SENT)))).to.deep.equal(["receipt"]);
    }
    const outcome = { ...order(), kind: "outcome" } as unknown as OutboxItem;
    expect(expectedAnswers(outcome, {}, USUAL, SENT)).to.deep.equal([]);
  });

  it("have usual times where the language has such an answer", () => {
    const usual = Object.fromEntries(
      [...sources].flatMap(([id, { answerHours }]) =>
        answerHours === undefined ? [] : [[id, Object.keys(answerHours)]],
      ),
    );
    expect(usual).to.deep.equal({
      x12: ["receipt", "answer", "status"],
      edifact: ["receipt", "status"],
    });
  });
});
