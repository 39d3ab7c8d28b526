import { expect } from "chai";
import { codes, factsOf, interchange, read } from "./made.ts";

const HEAD = ["DTM+50:202407091430:203", "RFF+CU:SHP1", "NAD+DP+++Store++Hamburg+++DE"];

/** A receiving advice of some lines. */
const advice = (lines: readonly string[], more: { bgm?: string; head?: readonly string[] } = {}) =>
  read(
    interchange("RECADV:D:96A:UN", more.bgm ?? "BGM+632+R7+9", ...(more.head ?? HEAD), ...lines),
  );

/** The quantities as `quantity unit outcome`. */
const counted = (...segments: string[]) => {
  const [proof] = factsOf(advice(["LIN+1++4711:IN", ...segments]), "proof_of_delivery");
  return proof?.quantities?.map((it) => `${it.quantity} ${it.unit ?? ""} ${it.outcome}`);
};

describe("edifact: a receiving advice (RECADV)", () => {
  it("is a proof of delivery by the receiver's clock", () => {
    const reading = advice(["LIN+1++4711:IN", "IMD+F++:::Chair", "QTY+48:10:PCE"]);
    const [proof] = factsOf(reading, "proof_of_delivery");
    expect(proof).to.deep.include({
      delivered: {
        at: "2024-07-09T12:30:00Z",
        zone: "Europe/Berlin",
        precision: "minute",
        zone_inferred: true,
      },
      quantities: [
        { goods: "4711", description: "Chair", quantity: "10", unit: "PCE", outcome: "accepted" },
      ],
      stop: { kind: "delivery" },
      source_event: "RECADV|CARRIERX|R7",
    });
    expect(proof?.identifiers.map((it) => `${it.type}=${it.value}`)).to.include("shipment=SHP1");
    expect(reading.findings).to.deep.equal([]);
  });

  it("tells what is short, over, damaged and refused of what came", () => {
    expect(counted("QTY+12:10:PCE", "QTY+48:8:PCE")).to.deep.equal([
      "8 PCE accepted",
      "2 PCE short",
    ]);
    expect(counted("QTY+48:10:PCE", "QTY+124:1:PCE", "QTY+195:2:PCE")).to.deep.equal([
      "7 PCE accepted",
      "1 PCE accepted_damaged",
      "2 PCE refused",
    ]);
    expect(counted("QTY+48:10:PCE", "QTY+194:8:PCE", "QTY+196:2:PCE")).to.deep.equal([
      "8 PCE accepted",
      "2 PCE refused",
    ]);
    // Only what is good is counted as received: what was despatched adds up so.
    expect(counted("QTY+12:10", "QTY+48:7", "QTY+124:1", "QTY+195:2")).to.deep.equal([
      "7  accepted",
      "1  accepted_damaged",
      "2  refused",
    ]);
    expect(counted("QTY+48:12", "QVR+2:121+AC")).to.deep.equal(["10  accepted", "2  over"]);
    expect(counted("QTY+48:8", "QVR+-2:119+BP")).to.deep.equal(["8  accepted", "2  short"]);
    expect(counted("QTY+48:8", "QTY+119:2", "QVR+-2:119+BP")).to.deep.equal([
      "8  accepted",
      "2  short",
    ]);
  });

  it("keeps each line with its own quantities", () => {
    const lines = ["LIN+1++A:IN", "QTY+48:1", "QTY+124:1", "LIN+2++B:IN", "QTY+48:3"];
    const [proof] = factsOf(advice(lines), "proof_of_delivery");
    expect(
      proof?.quantities?.map((it) => `${it.goods} ${it.quantity} ${it.outcome}`),
    ).to.deep.equal(["A 1 accepted_damaged", "B 3 accepted"]);
  });

  it("of the same number replaces the earlier one, and a cancellation withdraws it", () => {
    const lines = ["LIN+1++A:IN", "QTY+48:1"];
    const [first] = factsOf(advice(lines), "proof_of_delivery");
    const [again] = factsOf(advice(lines, { bgm: "BGM+632+R7+5" }), "proof_of_delivery");
    expect(again?.source_event).to.equal(first?.source_event);
    const [gone] = factsOf(advice([], { bgm: "BGM+632+R7+1" }), "retraction");
    expect(gone?.target).to.deep.equal({ source_event: first?.source_event });
  });

  it("says what it lacks", () => {
    const line = ["LIN+1++A:IN", "QTY+48:1"];
    expect(codes(advice([]))).to.deep.equal(["no_quantity"]);
    expect(codes(advice(line, { head: [] }))).to.deep.equal(["no_reference"]);
    expect(codes(advice(["LIN+1++A:IN", "QTY+48:x"]))).to.include("bad_quantity");
    expect(codes(advice([...line, "QVR+1:21+QQ"]))).to.deep.equal(["unmapped_code"]);
    expect(codes(advice([...line, "QTY+124:2"]))).to.deep.equal(["bad_quantity"]);
  });
});
