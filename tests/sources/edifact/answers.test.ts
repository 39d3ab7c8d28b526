import { expect } from "chai";
import { writeIftmin } from "../../../bridge/sources/edifact/iftmin.ts";
import { decode, segments } from "../../../bridge/sources/edifact/segments.ts";
import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import type { OutgoingOrder } from "../../../bridge/sources/source.ts";
import { outboxItem } from "../../store/store_contract.ts";
import { factsOf, interchange, read } from "./made.ts";

const US = { interchange: { sender: "US", receiver: "THEM" } };
const settings = edifactSource.settings.parse(US);
const order = outboxItem(7).payload;
const outgoing: OutgoingOrder = {
  purpose: "original",
  order,
  key: "key",
  number: 77,
  attempt: 1,
};

/** What an answer says: its findings, and what the order's shipment is told. */
function answered(type: string, ...body: string[]) {
  const reading = read(interchange(type, ...body));
  const told = factsOf(reading, "milestone");
  const findings = reading.findings.map(
    ({ severity, code, text }) => `${severity} ${code}: ${text}`,
  );
  return {
    findings,
    told: told.map(({ identifiers, raw_code }) => [raw_code, identifiers]),
    facts: told,
  };
}
const contrl = (...body: string[]) => answered("CONTRL:D:3:UN", ...body);
const aperak = (...body: string[]) => answered("APERAK:D:96A:UN", ...body);

describe("edifact: answers to what we sent", () => {
  it("that reject our order are an error, and reach its shipment by the name of its receipt", async () => {
    const { findings, told, facts } = contrl(
      "UCI+000000077+US+THEM+4+12",
      "UCM+1+IFTMIN:D:96A:UN+4+12",
      "UCS+5+15",
      "UCD+12+2:1",
    );
    expect(findings).to.deep.equal([
      "error interchange_rejected: the partner rejected our interchange 000000077: invalid value (12)",
      "error message_rejected: the partner rejected our IFTMIN 1 of interchange 000000077: " +
        "invalid value (12), segment 5: not supported here (15), element 2.1: invalid value (12)",
    ]);
    const peer = {
      request: () => Promise.resolve({ status: 201, headers: {}, body: Buffer.alloc(0) }),
    };
    const receipt = await edifactSource.sendOrder!(
      peer,
      outgoing,
      settings,
      new AbortController().signal,
    );
    expect(told).to.deep.equal([
      ["CONTRL/4", receipt.result === "accepted" && receipt.identifiers],
    ]);
    expect(facts[0]).not.to.have.property("code");
    const [unb] = [...segments(decode(writeIftmin(outgoing, settings, new Date())))];
    expect(unb?.elements[4]).to.deep.equal(["000000077"]);
  });

  it("judge each level for itself", () => {
    const of = (...body: string[]) => {
      const { findings, told } = contrl(...body);
      return [findings.map((it) => it.split(":")[0]), told.map(([raw]) => raw)];
    };
    // Only a message of the interchange, only its envelope, an interchange without messages.
    expect(of("UCI+77+US+THEM+7", "UCM+1+IFTMIN:D:96A:UN+4+13")).to.deep.equal([
      ["warning interchange_received", "error message_rejected"],
      ["CONTRL/4"],
    ]);
    expect(of("UCI+77+US+THEM+6+2")).to.deep.equal([["error interchange_rejected"], ["CONTRL/6"]]);
    expect(of("UCI+77+US+THEM+8", "UCM+1+IFTMIN:D:96A:UN+7")).to.deep.equal([
      ["warning interchange_received", "warning message_received"],
      ["CONTRL/7"],
    ]);
    expect(of("UCI+77+US+THEM+3", "UCM+1+IFTMIN:D:96A:UN+2+12")).to.deep.equal([
      ["error interchange_received", "error message_received"],
      ["CONTRL/2"],
    ]);
    expect(of("UCI+77+US+THEM+3")).to.deep.equal([["error interchange_received"], []]);
    expect(of("UCI+77+US+THEM+9")).to.deep.equal([["error unmapped_code"], []]);
    expect(of("UCM+1+IFTMIN+4")).to.deep.equal([["error no_verdict"], []]);
  });

  it("that received our order say it to its shipment, never that the load is accepted", () => {
    const { told, facts } = contrl("UCI+000000077+US+THEM+8", "UCM+1+IFTMIN:D:96A:UN+7");
    expect(told).to.deep.equal([["CONTRL/7", [{ type: "entity", value: "IFTMIN/77" }]]]);
    expect(facts[0]).to.deep.include({
      code: "tendered",
      classifier: "actual",
      source_event: "IFTMIN/77|CONTRL/7",
      raw_text: "the partner received our order",
    });
    const faulty = contrl("UCI+77+US+THEM+7", "UCM+1+IFTMIN:D:96A:UN+2", "UCS+5+15");
    expect(faulty.facts[0]?.raw_text).to.equal(
      "the partner received our order; segment 5: not supported here (15)",
    );
  });

  it("to an answer of ours reach no shipment", () => {
    expect(contrl("UCI+77+US+THEM+7", "UCM+1+APERAK:D:96A:UN+7").told).to.deep.equal([]);
    expect(contrl("UCI+06199582136592+US+THEM+8").told).to.deep.equal([]);
    expect(contrl("UCI+77+US+THEM+4", "UCM+1+APERAK:D:96A:UN+4+12").told).to.deep.equal([]);
    expect(contrl("UCI+06199582136592+US+THEM+4").told).to.deep.equal([]);
  });

  it("of the partner's application are a rejection when they say so, or name errors", () => {
    const rff = "RFF+ACW:SHP7";
    const names = [
      { type: "shipment", value: "SHP7" },
      { type: "shipment_id", value: "SHP7" },
    ];
    for (const [raw, ...body] of [
      ["APERAK/27", "BGM+313+A1+27", rff, "ERC+12", "FTX+AAO+++no such street"],
      ["APERAK/ERC", "BGM+313+A1", rff, "ERC+12", "FTX+AAO+++no such street"],
      ["APERAK/9", "BGM+313+A1+9", rff, "ERC+12", "FTX+AAO+++no such street"],
      ["APERAK/RE", "BGM+313+A1+9+RE", rff],
    ] as const) {
      const { findings, told } = aperak(...body);
      expect(told, raw).to.deep.equal([[raw, names]]);
      const faults = body.length > 2 ? ": error 12: no such street" : "";
      expect(findings).to.deep.equal([
        `error message_rejected: the partner rejected our SHP7${faults}`,
      ]);
    }
  });

  it("of the partner's application that took the order are no more than that", () => {
    for (const [raw, ...body] of [
      ["APERAK/29", "BGM+313+A1+29", "RFF+ACW:SHP7"],
      ["APERAK/AP", "BGM+313+A1+9+AP", "RFF+ACW:SHP7"],
      ["APERAK", "BGM+313+A1", "RFF+ACW:SHP7"],
    ] as const) {
      const { findings, facts } = aperak(...body);
      expect(findings).to.deep.equal(["warning message_received: the partner took our SHP7"]);
      expect(facts.map((it) => [it.raw_code, it.code])).to.deep.equal([[raw, "tendered"]]);
    }
    expect(aperak("BGM+313+A1+29").facts).to.deep.equal([]);
  });

  it("are never answered by an APERAK", () => {
    const text = interchange("APERAK:D:96A:UN", "BGM+313+A1+27", "RFF+ACW:SHP7", "ERC+12");
    const { replies } = read(text, { acknowledge: "contrl_and_aperak" });
    expect(replies?.map((it) => it.name.split("-")[0])).to.deep.equal(["contrl"]);
  });
});
