import { expect } from "chai";
import { fixture, findingCodes, interchange, milestonesOf, readX12 } from "./samples.ts";

const SET = ["B10*P*S*C", "LX*1", "AT7*D1*NS***20260710*0800*UT"];

/** The lines of the only reply, without the ISA. */
function reply(body: string | Buffer): string[] {
  const { replies = [] } = readX12(body);
  expect(replies).to.have.length(1);
  const lines = replies[0]?.body.toString().trim().split("\n") ?? [];
  return lines.slice(2, -2);
}

describe("x12: 997 out", () => {
  it("accepts a group without fault", () => {
    expect(reply(interchange("214", [SET, SET]))).to.deep.equal([
      "ST*997*0001~",
      "AK1*QM*7~",
      "AK2*214*0001~",
      "AK5*A~",
      "AK2*214*0002~",
      "AK5*A~",
      "AK9*A*2*2*2~",
      "SE*8*0001~",
    ]);
  });

  it("goes back to the sender, from whom it was sent to, in its own separators", () => {
    const { replies } = readX12(interchange("214", [SET]).replaceAll("~", "!"));
    const text = replies?.[0]?.body.toString() ?? "";
    expect(text).to.match(/^ISA\*00\* {10}\*00\* {10}\*ZZ\*SHIPPER {8}\*ZZ\*CARRIER {8}\*/);
    expect(text).to.include("GS*FA*SHIPPER*CARRIER*").and.include("AK9*A*1*1*1!");
  });

  it("names the segment, the element, the code and the value of an error", () => {
    const lines = reply(interchange("214", [[...SET.slice(0, 2), "AT7*D1*NS***20020148*0800*UT"]]));
    expect(lines.slice(2, 7)).to.deep.equal([
      "AK2*214*0001~",
      "AK3*AT7*4**8~",
      "AK4*5**8*20020148~",
      "AK5*E*5~",
      "AK9*E*1*1*1~",
    ]);
  });

  it("rejects a set without its first segment, and with it the group or a part", () => {
    expect(reply(interchange("214", [["LX*1"]]))).to.include.members([
      "AK3*B10*3**3~",
      "AK5*R*5~",
      "AK9*R*1*1*0~",
    ]);
    expect(reply(interchange("214", [["LX*1"], SET]))).to.include("AK9*P*2*2*1~");
  });

  it("rejects a set that nothing reads", () => {
    expect(reply(interchange("820", [["BPR*I"]]))).to.include("AK5*R*1~");
  });

  it("says that counts and control numbers disagree, and accepts all the same", () => {
    const body = interchange("214", [SET]);
    expect(reply(body.replace("SE*5*0001", "SE*9*0002"))).to.include.members([
      "AK5*E*4*3~",
      "AK9*E*1*1*1~",
    ]);
    expect(reply(body.replace("GE*1*7", "GE*3*8"))).to.include("AK9*E*3*1*1*5*4~");
    expect(reply(body.replace("SE*5*0001~\n", ""))).to.include("AK5*E*2~");
    expect(reply(body.replace("GE*1*7~\n", ""))).to.include("AK9*E*1*1*1*3~");
  });

  it("answers every group of every interchange", () => {
    const { replies = [] } = readX12(
      interchange("214", [SET]) + interchange("210", [["B3**I"]], { functionalId: "IM" }),
    );
    expect(replies.map(({ body }) => /AK1\*\w+/.exec(body.toString())?.[0])).to.deep.equal([
      "AK1*QM",
      "AK1*IM",
    ]);
    expect(new Set(replies.map(({ name }) => name)).size).to.equal(2);
  });

  it("is the same on each reading, and another for another group", () => {
    const first = interchange("214", [SET]);
    expect(readX12(first).replies).to.deep.equal(readX12(first).replies);
    const other = first.replace("000000042", "000000043");
    expect(readX12(other).replies?.[0]?.name).to.not.equal(readX12(first).replies?.[0]?.name);
  });

  it("never answers an acknowledgement, nor a partner who wants none", () => {
    const ack = interchange("997", [["AK1*SM*1", "AK9*A*1*1*1"]], { functionalId: "FA" });
    expect(readX12(ack)).to.not.have.property("replies");
    expect(readX12(interchange("214", [SET]), { acknowledge: false })).to.not.have.property(
      "replies",
    );
  });

  it("can be read by ourselves, whatever the partner wrote into the envelope", () => {
    const strange = interchange("214", [["B10*~", "LX*1"]]).replaceAll("CARRIER ", "C:R'R?  ");
    for (const { body } of readX12(strange).replies ?? []) {
      expect(findingCodes(readX12(body))).to.not.include("not_x12");
    }
  });
});

describe("x12: 997 in", () => {
  const ack = (...segments: string[]) =>
    readX12(interchange("997", [segments], { functionalId: "FA" }));

  it("receipt of our order is told to its shipment as tendered, never as accepted", () => {
    const reading = ack("AK1*SM*000000017", "AK2*204*0001", "AK5*A", "AK9*A*1*1*1");
    expect(reading.facts.map(({ fact }) => fact)).to.have.length(1);
    expect(reading.facts[0]?.fact).to.deep.include({
      identifiers: [{ type: "entity", value: "SM/17" }],
      code: "tendered",
      classifier: "actual",
      raw_code: "997/A",
      raw_text: "the partner received our order",
    });
    // The same word again is the same event, so that it changes nothing in Odoo.
    expect(reading.facts[0]?.fact.source_event).to.equal("SM/17|997/A");
    const faulty = ack("AK1*SM*17", "AK2*204*0001", "AK3*B2*2**8", "AK5*E*5", "AK9*E*1*1*1");
    expect(faulty.facts[0]?.fact).to.deep.include({
      code: "tendered",
      raw_text:
        "the partner received our order; the partner received with errors 204 0001: segment B2 at 2",
    });
  });

  it("receipt of anything else concerns no order, but is not silent", () => {
    const reading = ack("AK1*FA*17", "AK2*997*0001", "AK5*A", "AK9*A*1*1*1");
    expect(reading.facts).to.deep.equal([]);
    expect(reading.findings).to.deep.equal([
      {
        severity: "warning",
        code: "group_received",
        path: "ISA1/GS1/ST1/AK9-01",
        text: "the partner received group FA 17",
      },
    ]);
  });

  for (const code of ["R", "P", "M", "W", "X"]) {
    it(`${code} is an error that names the group and what was wrong`, () => {
      const reading = ack(
        "AK1*SM*17",
        "AK2*204*0001",
        "AK3*B2*2**8",
        "AK4*4**1",
        "AK5*R*5",
        `AK9*${code}*1*1*0*5`,
      );
      expect(reading.findings.map(({ severity, code: it }) => [severity, it])).to.deep.equal([
        ["error", "set_rejected"],
        ["error", "group_rejected"],
      ]);
      expect(reading.findings[0]?.text).to.equal(
        "the partner rejected 204 0001 of group SM 17: segment B2 at 2, element 4 code 1",
      );
    });
  }

  it("a rejected order is told to its shipment by the number under which it was sent", () => {
    const reading = ack(
      "AK1*SM*000000017",
      "AK2*204*0001",
      "AK3*B2*2**8",
      "AK5*R*5",
      "AK9*R*1*1*0",
    );
    expect(reading.facts.map(({ fact }) => fact)).to.have.length(1);
    expect(reading.facts[0]?.fact).to.deep.include({
      identifiers: [{ type: "entity", value: "SM/17" }],
      raw_code: "997/R",
      raw_text: "our order was rejected; the partner rejected 204 0001: segment B2 at 2",
    });
    // A rejected change of an accepted order must not end it.
    expect(reading.facts[0]?.fact).to.not.have.property("code");
    expect(reading.findings.at(-1)?.text).to.equal(
      "the partner rejected our order, group SM 000000017",
    );
  });

  it("a rejected 997 of ours concerns no order", () => {
    expect(ack("AK1*FA*17", "AK9*R*1*1*0").facts).to.deep.equal([]);
  });

  it("a 999 is read like a 997: its segments have other names", () => {
    const body = (...segments: string[]) =>
      readX12(interchange("999", [segments], { functionalId: "FA" }));
    const rejected = body(
      "AK1*SM*77*005010",
      "AK2*204*0001",
      "IK3*B2*2**8",
      "CTX*SITUATIONAL TRIGGER*B2*2",
      "IK4*4*145*1",
      "IK5*R*5",
      "AK9*R*1*1*0",
    );
    expect(rejected.findings.map(({ severity, code }) => [severity, code])).to.deep.equal([
      ["error", "set_rejected"],
      ["error", "group_rejected"],
    ]);
    expect(rejected.findings[0]?.text).to.equal(
      "the partner rejected 204 0001 of group SM 77: segment B2 at 2, element 4 code 1",
    );
    expect(rejected.facts[0]?.fact).to.deep.include({
      identifiers: [{ type: "entity", value: "SM/77" }],
      raw_code: "999/R",
    });
    const received = body("AK1*SM*77", "AK2*204*0001", "IK5*A", "AK9*A*1*1*1");
    expect(received.facts[0]?.fact).to.deep.include({ code: "tendered", raw_code: "999/A" });
    expect(findingCodes(received)).to.deep.equal(["group_received"]);
  });

  it("without verdict is an error", () => {
    expect(findingCodes(ack("AK1*SM*17"))).to.deep.equal(["missing_segment"]);
    expect(findingCodes(ack("AK9*A"))).to.deep.equal(["missing_segment"]);
    expect(findingCodes(ack("AK1*SM*17", "AK9*Q*1*1*1"))).to.deep.equal(["unmapped_code"]);
  });

  it("TA1 tells of a whole interchange", () => {
    const ta1 = (code: string) =>
      interchange("214", []).replace(
        /GS[^]*GE\*0\*7~\n/,
        `TA1*000000001*260711*1200*${code}*009~\n`,
      );
    expect(readX12(ta1("A")).findings[0]).to.include({
      severity: "warning",
      code: "interchange_received",
    });
    expect(readX12(ta1("R")).findings[0]).to.include({
      severity: "error",
      code: "interchange_rejected",
    });
    expect(readX12(ta1("A")).facts).to.deep.equal([]);
    expect(readX12(ta1("R")).facts[0]?.fact).to.deep.include({
      identifiers: [{ type: "entity", value: "SM/1" }],
      raw_code: "TA1/R",
    });
  });
});

describe("x12: 990", () => {
  const answer = (action: string, ...segments: string[]) =>
    milestonesOf(
      interchange("990", [[`B1*SCAC*SHIP1 *20260711*${action}`, ...segments]], {
        functionalId: "GF",
      }),
    )[0];

  for (const [action, code] of [
    ["A", "tender_accepted"],
    ["D", "tender_declined"],
    ["E", "tender_declined"],
  ] as const) {
    it(`${action} is ${code}, with the carrier's own code`, () => {
      expect(answer(action)).to.include({ code, raw_code: `990/${action}` });
    });
  }

  for (const action of ["B", "C"]) {
    it(`${action} is no acceptance: it waits for a decision, with the carrier's words`, () => {
      const fact = answer(action, "K1*0.50 PER MILE MORE", "V9*ZZZ*TERMS******EQU");
      expect(fact).to.not.have.property("code");
      expect(fact).to.deep.include({
        raw_text: "0.50 PER MILE MORE TERMS",
        reasons: [{ code: "other", raw: "EQU" }],
      });
    });
  }

  it("a reservation cancelled on the day of its acceptance comes after it", () => {
    const at = (action: string, made: string) =>
      milestonesOf(interchange("990", [[`B1*SCAC*S*20260711*${action}`]], { made }))[0]?.occurred
        .at ?? "";
    expect(at("A", "20260711*0900") < at("D", "20260711*1500")).to.equal(true);
  });

  it("without B1, number or answer is an error finding", () => {
    for (const segments of [["N9*CN*1"], ["B1*SCAC**20260711*A"], ["B1*SCAC*S*20260711"]]) {
      const reading = readX12(interchange("990", [segments]));
      expect(reading.facts).to.deep.equal([]);
      expect(reading.findings[0]?.severity).to.equal("error");
    }
  });

  it("reads the sample's acceptance, decline and counter-proposal", () => {
    const facts = milestonesOf(fixture("node-x12-edi_990_accept_decline_conditional.edi"));
    expect(facts.map(({ code }) => code)).to.deep.equal([
      "tender_accepted",
      "tender_declined",
      undefined,
    ]);
  });
});
