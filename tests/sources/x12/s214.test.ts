/* Over 300 lines: one transaction set, a title per rule of its reading. */
import { expect } from "chai";
import { factKey } from "../../../bridge/canonical/fact_key.ts";
import { findingCodes, interchange, milestonesOf, readX12, status214 } from "./samples.ts";

const AT = "***20260710*0800*LT";
const CHICAGO = "MS1*CHICAGO*IL*US";

/** The milestone of one AT7 with this code and reason. */
function told(code: string, reason = "NS", rawSettings: unknown = {}) {
  return milestonesOf(status214(`AT7*${code}*${reason}${AT}`, CHICAGO), rawSettings)[0];
}

/** Each canonical milestone with the codes that mean it. */
const TABLE: ReadonlyArray<readonly [string, string]> = [
  ["booked", "BF"],
  ["tender_accepted", "XB"],
  ["arrived_pickup", "X3 X8"],
  ["loaded", "L1 CP AM AL"],
  ["picked_up", "AF"],
  ["in_transit", "X6"],
  ["arrived_terminal", "X4 X9 AR RA I1 R1 UR"],
  ["departed_terminal", "P1 RL RD OA J1"],
  ["eta_updated", "AG X2 A1 B6"],
  ["delayed", "SD"],
  ["customs_hold", "K1 PR"],
  ["customs_released", "K2 RH"],
  ["available", "AV AW"],
  ["out_for_delivery", "AJ"],
  ["delivery_attempted", "AH AP"],
  ["arrived_delivery", "X1 X5 S1"],
  ["delivered", "D1 CB"],
  ["partially_delivered", "PA D2"],
  ["refused", "A7"],
  ["returned", "A3"],
  ["cancelled", "CA"],
];

describe("x12: 214 statuses", () => {
  for (const [milestone, codes] of TABLE) {
    for (const code of codes.split(" ")) {
      it(`${code} is ${milestone}`, () => {
        expect(told(code)).to.include({ code: milestone, raw_code: code });
        expect(told(code)?.classifier).to.equal(
          milestone === "eta_updated" ? "estimated" : "actual",
        );
      });
    }
  }

  for (const [code, milestone, kind] of [
    ["A1", "eta_updated", "pickup"],
    ["AG", "eta_updated", "delivery"],
    ["X2", "eta_updated", "delivery"],
    ["B6", "eta_updated", "terminal"],
    ["C1", "departed_terminal", "terminal"],
  ] as const) {
    it(`${code} is an estimate for the ${kind}`, () => {
      expect(told(code)).to.deep.include({
        code: milestone,
        classifier: "estimated",
        stop: { kind },
      });
    });
  }

  for (const code of ["DE", "PD"]) {
    it(`${code} is the last free day: a plan that a later message moves`, () => {
      const day = (date: string, made: string) =>
        milestonesOf(
          interchange("214", [["B10*P*S*C", "LX*1", `AT7*${code}*NS***${date}*0000*LT`, CHICAGO]], {
            made,
          }),
        )[0];
      const [first, moved] = [day("20260715", "20260711*0900"), day("20260717", "20260711*1500")];
      expect(first).to.deep.include({ code: "last_free_day", classifier: "planned" });
      expect(first?.occurred.precision).to.equal("date");
      expect(moved?.source_event).to.equal(first?.source_event);
      expect([first?.version, moved?.version]).to.deep.equal([
        "2026-07-11T09:00:00Z",
        "2026-07-11T15:00:00Z",
      ]);
    });
  }

  it("AT703 AC is the estimate of an appointment", () => {
    const [fact] = milestonesOf(status214("AT7***AC*NA*20260710*0800*LT", CHICAGO));
    expect(fact).to.include({ code: "appointment_set", classifier: "estimated" });
  });

  for (const [code, kind] of [
    ["AA", "pickup"],
    ["XA", "pickup"],
    ["AB", "delivery"],
    ["X9", "delivery"],
  ] as const) {
    it(`appointment ${code} in AT703 is a plan for the ${kind}`, () => {
      const [fact] = milestonesOf(status214("AT7***" + code + "*NA*20260710*0800*LT", CHICAGO));
      expect(fact).to.deep.include({
        code: "appointment_set",
        classifier: "planned",
        stop: { kind },
        raw_code: `AT703/${code}`,
      });
    });
  }

  it("reads a status and an appointment that one AT7 tells together", () => {
    const facts = milestonesOf(status214("AT7*X6*NS*AB*BK*20260710*0800*LT", CHICAGO));
    expect(facts.map(({ code }) => code)).to.deep.equal(["in_transit", "appointment_set"]);
    expect(facts[1]?.reasons).to.deep.equal([{ code: "appointment_constraint", raw: "BK" }]);
  });

  it("A9 is a condition, not a step", () => {
    expect(told("A9"))
      .to.deep.include({ conditions: ["damaged"] })
      .and.not.have.property("code");
  });

  it("CD is the departure from the delivery, and a delivery only by configuration", () => {
    expect(told("CD")).to.not.have.property("code");
    expect(told("CD")?.conditions).to.deep.equal(["departed_delivery"]);
    expect(told("CD", "NS", { delivered_from_cd: true })).to.deep.include({
      code: "delivered",
      conditions: ["departed_delivery"],
    });
  });

  it("S1 completes a drop-trailer delivery only by configuration; X1 never does", () => {
    expect(told("S1")?.code).to.equal("arrived_delivery");
    expect(told("S1", "NS", { spotted_is_delivered: true })?.code).to.equal("delivered");
    expect(told("X1", "NS", { spotted_is_delivered: true })?.code).to.equal("arrived_delivery");
  });

  it("CA with BT is a return, an attempt with BS a refusal, X6 with UK out for delivery", () => {
    expect(told("CA", "BT")?.code).to.equal("returned");
    expect(told("AH", "BS")?.code).to.equal("refused");
    expect(told("X6", "UK")?.code).to.equal("out_for_delivery");
  });

  it("X6 in the consignee's city is out for delivery only by configuration", () => {
    const body = interchange("214", [
      ["B10*P*S*C", "N1*ST*ACME", "N4*Chicago*IL*60601*US", "LX*1", `AT7*X6*NS${AT}`, CHICAGO],
    ]);
    expect(milestonesOf(body)[0]?.code).to.equal("in_transit");
    const configured = { en_route_at_destination_is_out_for_delivery: true };
    expect(milestonesOf(body, configured)[0]?.code).to.equal("out_for_delivery");
  });

  describe("what stands inside an LX", () => {
    const D1 = "AT7*D1*NS***20260710*0930*LT";
    const proofs = (...segments: string[]) =>
      readX12(status214(...segments)).facts.flatMap(({ fact }) =>
        fact.kind === "proof_of_delivery" ? [fact] : [],
      );

    it("is the consignee of that line: its address decides place and clock", () => {
      const facts = milestonesOf(
        interchange("214", [
          [
            "B10*P*S*C",
            "N1*SF*A",
            "N4*CHICAGO*IL*60601*US",
            ...["LX*1", D1, "N1*CN*STORE 1", "N4*DENVER*CO*80201*US"],
            ...["LX*2", D1, "N1*CN*STORE 2", "N4*LAS VEGAS*NV*89101*US"],
          ],
        ]),
      );
      expect(facts.map(({ place, occurred }) => [place?.city, occurred.at])).to.deep.equal([
        ["DENVER", "2026-07-10T15:30:00Z"],
        ["LAS VEGAS", "2026-07-10T16:30:00Z"],
      ]);
      expect(new Set(facts.map((fact) => factKey(fact))).size).to.equal(2);
    });

    it("is who signed, in N1 or NM1, for that line alone", () => {
      expect(proofs(D1, CHICAGO, "N1*N5*R RECEIVER").map(({ signer }) => signer)).to.deep.equal([
        "R RECEIVER",
      ]);
      const two = ["CD3*G*1", D1, CHICAGO, "NM1*N5*1*MILLER*JO", "LX*2", D1, CHICAGO];
      expect(proofs(...two).map(({ signer }) => signer)).to.deep.equal(["JO MILLER"]);
      expect(proofs(D1, CHICAGO, "NM1*CN*1*MILLER*JO")).to.deep.equal([]);
    });

    it("are the marks, orders and seals by which that line is known", () => {
      const [fact] = milestonesOf(
        status214(
          D1,
          CHICAGO,
          "MAN*GM*00340123450000000018",
          "MAN*CP*1Z999AA10123456784",
          "OID*CUST7*PO9",
          "PRF*PO8",
          "M7*SEAL1*SEAL2",
        ),
      );
      expect(fact?.identifiers.slice(3)).to.deep.equal([
        { type: "sscc", value: "340123450000000018" },
        { type: "tracking", value: "1Z999AA10123456784" },
        { type: "customer_ref", value: "CUST7" },
        { type: "po", value: "PO9" },
        { type: "po", value: "PO8" },
        { type: "seal", value: "SEAL1" },
        { type: "seal", value: "SEAL2" },
      ]);
    });

    it("is said once when nobody reads it, and a range of marks is not taken for one package", () => {
      const reading = readX12(status214(D1, CHICAGO, "ZZ9*1", "ZZ9*2", "MAN*CP*A1*A9"));
      expect(findingCodes(reading)).to.deep.equal(["range_not_read", "segment_not_read"]);
      expect(reading.findings[1]).to.include({
        path: "ISA1/GS1/ST1/ZZ9",
        text: "a 214 tells ZZ9, which is not read",
      });
    });
  });

  it("what happened long after the message came is flagged", () => {
    const reading = readX12(status214("AT7*D1*NS***20990710*0930*ET", CHICAGO));
    expect(findingCodes(reading)).to.deep.equal(["ahead_of_receipt"]);
    const plan = readX12(status214("AT7*X2*NS***20990710*0930*ET", CHICAGO));
    expect(findingCodes(plan)).to.deep.equal([]);
  });

  it("keeps an unknown code as unmapped, and says so", () => {
    const reading = readX12(status214(`AT7*X7*NS${AT}`, CHICAGO));
    expect(reading.facts[0]?.fact).to.include({ raw_code: "X7" }).and.not.have.property("code");
    expect(reading.findings).to.deep.equal([
      {
        severity: "warning",
        code: "unmapped_code",
        path: "ISA1/GS1/ST1/AT7-01",
        text: "no meaning is known for X7",
      },
    ]);
  });

  it("takes a partner's own meaning of a code", () => {
    const own = { status_codes: { X7: "arrived_delivery", X6: "unmapped" } };
    expect(told("X7", "NS", own)).to.deep.include({
      code: "arrived_delivery",
      stop: { kind: "delivery" },
    });
    expect(told("X6", "NS", own)).to.not.have.property("code");
  });

  /** Element 1651, as the list of release 004010 names its codes. */
  const REASONS: ReadonlyArray<readonly [string, string]> = [
    ["weather", "AO BE"],
    ["mechanical", "AI T1 T2 T3 T4 T5 T6"],
    ["accident", "AF BR"],
    ["carrier_operations", "A1 AA AH AJ AL AV AW AY AZ BF BI BM BO D1 D2 P1 P4"],
    ["shipper_not_ready", "AM AX BB BN BQ CB CC P3"],
    ["consignee_unavailable", "AG AN AQ B1 B5 B8 C1 C4"],
    ["appointment_constraint", "AD B9 BH BJ BK C3 HB T7"],
    ["address", "A2 A5 A6 RC"],
    ["refused", "BS AE"],
    ["damage", "AK BP"],
    ["shortage_overage", "S1"],
    ["customs_border", "AR AS AT BD CA F1 F2 P2"],
    ["documents_payment", "BC B4 C2 C6 C8 C9"],
    ["labor_civil", "AU C5"],
    ["other", "BG A3 AP B2 BL C7"],
  ];
  for (const [reason, codes] of REASONS) {
    it(`${codes} are ${reason}`, () => {
      for (const raw of codes.split(" ")) {
        expect(told("SD", raw)?.reasons, raw).to.deep.equal([{ code: reason, raw }]);
      }
    });
  }

  it("NS and NA are no exception; other reasons are, unknown ones as other", () => {
    expect(told("X1")).to.not.have.property("reasons");
    expect(told("X1", "AI")?.reasons).to.deep.equal([{ code: "mechanical", raw: "AI" }]);
    expect(told("X1", "ZZ")?.reasons).to.deep.equal([{ code: "other", raw: "ZZ" }]);
  });

  it("NS as reason is normal, and as time code Newfoundland", () => {
    const [fact] = milestonesOf(status214("AT7*X1*NS***20260710*0800*NS"));
    expect(fact?.occurred).to.include({ at: "2026-07-10T11:30:00Z", zone: "-03:30" });
    expect(fact).to.not.have.property("reasons");
  });

  it("reads the date behind a century, as before version 4010", () => {
    const [fact] = milestonesOf(status214("AT7*X1*NS***260710*20*0800*UT"));
    expect(fact?.occurred.at).to.equal("2026-07-10T08:00:00Z");
  });

  it("keeps a status without a date on the day of its message, inferred and said; plans and forecasts it refuses", () => {
    const body = status214("AT7*D1*NS", "AT7***AB*NA", "AT7*AG*NS");
    const [delivered, ...more] = milestonesOf(body);
    expect(more).to.deep.equal([]);
    expect(delivered).to.deep.include({
      code: "delivered",
      occurred: { at: "2026-07-11T12:00:00Z", precision: "date", zone_inferred: true },
      source_event: "SCAC|SHIP1||D1||",
    });
    expect(findingCodes(readX12(body)).toSorted()).to.deep.equal([
      "time_of_message",
      "unreadable_date",
      "unreadable_date",
    ]);
  });

  it("refuses one event with an impossible date, and reads the next", () => {
    const reading = readX12(
      status214("AT7*X3*NS***20020148*0800*LT", CHICAGO, `AT7*X1*NS${AT}`, CHICAGO),
    );
    expect(reading.facts).to.have.length(1);
    expect(reading.findings[0]).to.include({
      severity: "error",
      code: "unreadable_date",
      path: "ISA1/GS1/ST1/AT7-05",
    });
  });
});

describe("x12: 214 loops", () => {
  it("gives each LX its own stop and references, each AT7 its own place", () => {
    const body = interchange("214", [
      [
        "B10*PRO1*SHIP1*SCAC",
        "LX*1",
        `AT7*X3*NS${AT}`,
        CHICAGO,
        `AT7*AF*NS${AT}`,
        "MS1*JOLIET*IL*US",
        "L11*1*QN",
        "LX*2",
        `AT7*D1*NS${AT}`,
        "MS1*NEWARK*NJ*US",
        "L11*2*QN",
        "L11*DO-77*DO",
      ],
    ]);
    const facts = milestonesOf(body);
    expect(facts.map(({ stop, place }) => [stop?.sequence, place?.city])).to.deep.equal([
      [1, "CHICAGO"],
      [1, "JOLIET"],
      [2, "NEWARK"],
    ]);
    expect(facts[0]?.identifiers).to.not.deep.include({ type: "delivery_order", value: "DO-77" });
    expect(facts[2]?.identifiers).to.deep.include({ type: "delivery_order", value: "DO-77" });
    expect(facts.map(({ message_path }) => message_path)).to.deep.equal([
      "ISA1/GS1/ST1/AT7-01",
      "ISA1/GS1/ST1/AT7[2]-01",
      "ISA1/GS1/ST1/AT7[3]-01",
    ]);
  });

  it("ignores the carrier's own stop numbers when it is configured so", () => {
    const body = status214(`AT7*D1*NS${AT}`, CHICAGO, "L11*7*QN");
    expect(milestonesOf(body)[0]?.stop).to.deep.equal({ sequence: 7, kind: "delivery" });
    expect(milestonesOf(body, { stop_numbers: "ignored" })[0]?.stop).to.deep.equal({
      kind: "delivery",
    });
  });

  it("keeps the packages of a line apart and lets them share the line's references", () => {
    const facts = milestonesOf(
      status214(
        "L11*PO1*PO",
        "CD3*L*10",
        "L11*1Z1*2I",
        `AT7*X6*NS${AT}`,
        CHICAGO,
        "CD3*L*12",
        "L11*1Z2*2I",
        `AT7*D1*NS${AT}`,
        CHICAGO,
      ),
    );
    const named = (type: string) =>
      facts.map(({ identifiers }) =>
        identifiers.filter((it) => it.type === type).map((it) => it.value),
      );
    expect(named("tracking")).to.deep.equal([["1Z1"], ["1Z2"]]);
    expect(named("po")).to.deep.equal([["PO1"], ["PO1"]]);
  });

  it("reads AT7 without any LX", () => {
    const body = interchange("214", [["B10*P*S*C", `AT7*D1*NS${AT}`, CHICAGO]]);
    expect(milestonesOf(body)[0]?.code).to.equal("delivered");
  });

  it("takes the stop's address where MS1 is missing, with its zone", () => {
    const body = interchange("214", [
      [
        "B10*P*S*C",
        "N1*SF*MILL",
        "N3*1 RIVER RD",
        "N4*BUFFALO*NY*14201*US",
        "N1*ST*STORE",
        "N4*RENO*NV*89501*US",
        "LX*1",
        `AT7*X3*NS${AT}`,
        `AT7*D1*NS${AT}`,
      ],
    ]);
    const [pickup, delivery] = milestonesOf(body);
    expect(pickup?.place).to.deep.equal({
      name: "MILL",
      street: "1 RIVER RD",
      postal_code: "14201",
      city: "BUFFALO",
      country: "US",
      zone: "America/New_York",
    });
    expect(pickup?.occurred.at).to.equal("2026-07-10T12:00:00Z");
    expect(delivery?.occurred.at).to.equal("2026-07-10T15:00:00Z");
  });

  it("reads a position, and says when it is none", () => {
    const [fact] = milestonesOf(
      status214(`AT7*X6*NS${AT}`, "MS1*CHICAGO*IL*US*0874236*0415230*W*N"),
    );
    expect(fact?.place).to.include({ latitude: 41.875, longitude: -87.71 });
    const bad = readX12(status214(`AT7*X6*NS${AT}`, "MS1*CHICAGO*IL*US*0879936*0415230*W*N"));
    expect(findingCodes(bad)).to.deep.equal(["unreadable_position"]);
  });

  it("names the unit once as assigned, whatever the number of events", () => {
    const facts = milestonesOf(
      status214(
        `AT7*X3*NS${AT}`,
        CHICAGO,
        "MS2*SCAC*TRL9*TL",
        `AT7*AF*NS${AT}`,
        CHICAGO,
        "MS2*SCAC*TRL9*TL",
      ),
    );
    expect(facts.map(({ code, trailer }) => [code, trailer])).to.deep.equal([
      ["arrived_pickup", "TRL9"],
      ["assigned", "TRL9"],
      ["picked_up", "TRL9"],
    ]);
  });

  it("takes remarks from K1", () => {
    const [fact] = milestonesOf(status214(`AT7*SD*AI${AT}`, CHICAGO, "K1*BROKEN AXLE*WAITING"));
    expect(fact?.raw_text).to.equal("BROKEN AXLE WAITING");
  });
});

describe("x12: 214 identifiers", () => {
  function named(...references: string[]) {
    const body = interchange("214", [
      ["B10*PRO1  *SHIP1   *SCAC", ...references, "LX*1", `AT7*D1*NS${AT}`, CHICAGO],
    ]);
    return (milestonesOf(body)[0]?.identifiers ?? []).map(({ type, value }) => `${type}=${value}`);
  }

  it("reads the shipment's number as ours, and the PRO, without padding", () => {
    expect(named()).to.deep.equal(["shipment=SHIP1", "shipment_id=SHIP1", "pro=PRO1"]);
  });

  for (const [reference, expected] of [
    ["L11*B1*BM", "bol=B1"],
    ["L11* B1  *BM ", "bol=B1"],
    ["L11*M1*MB", "mbol=M1"],
    ["L11*M1*OB", "mbol=M1"],
    ["L11*999-12345678*MB", "mawb=999-12345678"],
    ["L11*99912345678*MB", "mbol=99912345678"],
    ["L11*99912345678*MB", "mawb=999-12345678"],
    ["L11*99912345678*AW", "mawb=999-12345678"],
    ["L11*H123*AW", "hawb=H123"],
    ["L11*C1*CN", "pro=C1"],
    ["L11*1Z1808WW0473048017*CN", "tracking=1Z1808WW0473048017"],
    ["L11*T1*2I", "tracking=T1"],
    ["L11*K1*BN", "booking=K1"],
    ["L11*MSKU1234565*EQ", "container=MSKU1234565"],
    ["L11*MSKU1234565*OC", "container=MSKU1234565"],
    ["L11*S1*SN", "seal=S1"],
    ["L11*P1*PO", "po=P1"],
    ["L11*R1*CR", "customer_ref=R1"],
    ["L11*D1*DO", "delivery_order=D1"],
  ] as const) {
    it(`reads ${reference} as ${expected}`, () => {
      expect(named(reference)).to.include(expected);
    });
  }

  it("passes over empty references and qualifiers that name no shipment", () => {
    expect(named("L11**BM", "L11*X", "L11*   *PO", "L11*SCAC*SCA", "L11*1*ZZ")).to.have.length(3);
  });

  it("takes no trailer for a container: it carries one shipment after the other", () => {
    expect(named("L11*53187*EQ", "L11*SCAC53187*EQ")).to.have.length(3);
    expect(named("L11*MSKU 123456-5*EQ").at(-1)).to.equal("container=MSKU1234565");
  });
});

describe("x12: 214 goods and signatures", () => {
  const signed = (...segments: string[]) =>
    readX12(interchange("214", [["B10*P*S*C", "N1*N5*J. MARKS", "LX*1", ...segments]]));
  const pod = (reading: ReturnType<typeof readX12>) =>
    reading.facts.map(({ fact }) => fact).find(({ kind }) => kind === "proof_of_delivery");

  it("who signed a delivery is a proof, at a pickup it is not", () => {
    expect(pod(signed(`AT7*D1*NS${AT}`, CHICAGO))).to.deep.include({
      signer: "J. MARKS",
      signed: true,
    });
    expect(pod(signed(`AT7*AF*NS${AT}`, CHICAGO))).to.equal(undefined);
    expect(pod(readX12(status214(`AT7*D1*NS${AT}`, CHICAGO)))).to.equal(undefined);
  });

  it("takes the signer from a partner's own L11", () => {
    const body = status214(`AT7*D1*NS${AT}`, CHICAGO, "L11*A. KIM*ZZ");
    expect(pod(readX12(body, { signer_qualifier: "ZZ" }))).to.include({ signer: "A. KIM" });
  });

  it("a short delivery is a partial one, with what is missing and what was taken", () => {
    const reading = signed(`AT7*D1*NS${AT}`, CHICAGO, "Q7*A*CTN*4", "AT8*G*L*900*100");
    expect(reading.facts[0]?.fact).to.deep.include({
      code: "partially_delivered",
      reasons: [{ code: "shortage_overage", raw: "Q7/A" }],
    });
    expect(pod(reading)).to.deep.include({
      quantities: [
        { quantity: "96", unit: "CTN", outcome: "accepted" },
        { quantity: "4", unit: "CTN", outcome: "short", reason: "shortage_overage" },
      ],
    });
  });

  it("damage is a condition of the delivery, not a shortage", () => {
    const reading = readX12(status214(`AT7*D1*NS${AT}`, CHICAGO, "Q7*D*CTN*2"));
    expect(reading.facts[0]?.fact).to.deep.include({ code: "delivered", conditions: ["damaged"] });
    expect(pod(reading)).to.not.have.property("signed");
  });

  for (const [code, milestone, outcome] of [
    ["P", "partially_delivered", "short"],
    ["0", "partially_delivered", "short"],
    ["E", "partially_delivered", "refused"],
    ["O", "delivered", "over"],
  ] as const) {
    it(`Q7*${code} of a delivery is ${milestone}, ${outcome}`, () => {
      const reading = readX12(status214(`AT7*D1*NS${AT}`, CHICAGO, `Q7*${code}*CTN*2`));
      expect(reading.facts[0]?.fact).to.include({ code: milestone });
      expect(JSON.stringify(pod(reading))).to.include(`"outcome":"${outcome}"`);
    });
  }

  it("exceptions belong to the outcome, not to the other events of the line", () => {
    const facts = milestonesOf(
      status214(`AT7*X1*NS${AT}`, CHICAGO, `AT7*D1*NS${AT}`, CHICAGO, "Q7*D*CTN*1"),
    );
    expect(facts.map(({ conditions }) => conditions)).to.deep.equal([undefined, ["damaged"]]);
  });
});

describe("x12: 214 identity", () => {
  const keys = (body: string) => readX12(body).facts.map(({ fact }) => factKey(fact));
  const set = ["B10*P*S*C", "LX*1", `AT7*D1*NS${AT}`, CHICAGO];

  it("a replay under other control numbers and another message time is the same fact", () => {
    const first = interchange("214", [set]);
    const replay = interchange("214", [["B10*P2*S2*C", "LX*1", `AT7*X6*NS${AT}`], set], {
      made: "20260712*0900",
    }).replaceAll("000000042", "000000099");
    expect(keys(replay)[1]).to.equal(keys(first)[0]);
  });

  it("another time is another fact, said later", () => {
    const corrected = interchange(
      "214",
      [[...set.slice(0, 2), "AT7*D1*NS***20260710*0930*LT", CHICAGO]],
      {
        made: "20260712*0900",
      },
    );
    expect(keys(corrected)).to.not.deep.equal(keys(interchange("214", [set])));
    expect(milestonesOf(corrected)[0]?.recorded_at).to.equal("2026-07-12T09:00:00Z");
  });

  it("a message from the future does not win for ever", () => {
    const reading = readX12(interchange("214", [set], { made: "20991231*0000" }));
    expect(reading.facts[0]?.fact.recorded_at).to.equal("2026-07-11T12:00:00Z");
  });
});

describe("x12: envelopes", () => {
  const set = ["B10*P*S*C", "LX*1", `AT7*D1*NS${AT}`, CHICAGO];
  const good = interchange("214", [set, set]);

  for (const [what, wrong, code] of [
    ["SE01", good.replace("SE*6*0001", "SE*9*0001"), "se_count"],
    ["SE02", good.replace("SE*6*0001", "SE*6*0009"), "se_control"],
    ["GE01", good.replace("GE*2*", "GE*5*"), "ge_count"],
    ["GE02", good.replace("GE*2*7", "GE*2*8"), "ge_control"],
    ["IEA01", good.replace("IEA*1*", "IEA*3*"), "iea_count"],
    ["IEA02", good.replace("IEA*1*000000042", "IEA*1*1"), "iea_control"],
    ["a missing SE", good.replace("SE*6*0001~\n", ""), "missing_trailer"],
    ["a missing GE", good.replace("GE*2*7~\n", ""), "missing_trailer"],
    ["a missing IEA", good.replace("IEA*1*000000042~\n", ""), "missing_trailer"],
  ] as const) {
    it(`a wrong ${what} is a warning; the sets are read`, () => {
      const reading = readX12(wrong);
      expect(reading.facts).to.have.length(2);
      expect(reading.findings.map(({ severity, code: it }) => [severity, it])).to.deep.equal([
        ["warning", code],
      ]);
    });
  }

  it("numbers padded differently in header and trailer are the same", () => {
    expect(readX12(good.replace("GE*2*7", "GE*000002*0007")).findings).to.deep.equal([]);
  });

  it("a message without any set is refused, not silently empty", () => {
    for (const body of [
      interchange("214", []),
      interchange("214", [])
        .replace(/GS.*\n/, "")
        .replace(/GE.*\n/, ""),
      "hello",
    ]) {
      expect(() => readX12(body)).to.throw(/x12: /);
    }
  });

  it("an empty group beside a full one is an error finding", () => {
    const both = interchange("214", [set]) + interchange("214", []);
    expect(findingCodes(readX12(both))).to.deep.equal(["no_transaction_set"]);
  });

  it("a set that nothing reads, and a 214 without B10 or AT7, are error findings", () => {
    expect(findingCodes(readX12(interchange("820", [["BPR*I"]])))).to.deep.equal([
      "unsupported_set",
    ]);
    expect(findingCodes(readX12(interchange("214", [["LX*1"]])))).to.deep.equal([
      "missing_segment",
    ]);
    expect(findingCodes(readX12(interchange("214", [["B10*P*S*C", "LX*1"]])))).to.deep.equal([
      "missing_segment",
    ]);
  });

  it("segments outside any set are error findings", () => {
    expect(findingCodes(readX12(good.replace("GE*2", "AT7*X1~GE*2")))).to.deep.equal([
      "stray_segment",
    ]);
  });
});
