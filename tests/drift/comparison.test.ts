import { expect } from "chai";
import { drifts } from "../../bridge/drift/comparison.ts";
import { merged, note, type Profile, type Said } from "../../bridge/drift/profile.ts";

/** A profile of so many messages, each as the function says. */
function of(messages: number, said: (index: number) => Said): Profile {
  const profile: Profile = {};
  for (let index = 0; index < messages; index += 1) note(profile, said(index));
  return profile;
}
const milestone = (code: string) => ({ of: "milestone", code });
const usual = (index: number): Said => ({
  fields: ["/id", "/events/[]/code", ...(index % 2 === 0 ? ["/driver"] : [])],
  codes: [milestone(index % 10 === 0 ? "AG" : "X6")],
});

describe("what a partner sends otherwise than before", () => {
  const base = of(200, usual);

  it("is nothing while he sends the usual, in whatever proportion by chance", () => {
    expect(drifts(base, of(40, usual))).to.deep.equal([]);
    expect(
      drifts(
        base,
        of(40, (index) => usual(index * 3)),
      ),
    ).to.deep.equal([]);
  });

  it("is a field that is gone, and one that is new", () => {
    const window = of(40, () => ({
      fields: ["/id", "/events/[]/status"],
      codes: [milestone("X6")],
    }));
    const found = drifts(base, window).map(({ kind, name, before, now }) => ({
      kind,
      name,
      before,
      now,
    }));
    expect(found).to.deep.equal([
      { kind: "field_vanished", name: "/events/[]/code", before: 1, now: 0 },
      { kind: "field_new", name: "/events/[]/status", before: 0, now: 1 },
      { kind: "field_vanished", name: "/driver", before: 0.5, now: 0 },
    ]);
  });

  it("is a code whose share jumps, one nobody knew before included", () => {
    const window = of(60, (index) => ({
      ...usual(index),
      codes: [milestone(index % 2 === 0 ? "OT" : "X6")],
    }));
    expect(drifts(base, window).map(({ kind, name, now }) => ({ kind, name, now }))).to.deep.equal([
      { kind: "code_share", name: "OT", now: 0.5 },
      { kind: "code_share", name: "X6", now: 0.5 },
    ]);
  });

  it("is not what a kind of message lacks that did not come, nor ids that stand for names", () => {
    const mixed = of(200, (index) =>
      index % 2 === 0
        ? usual(index)
        : { fields: ["/signature"], codes: [{ of: "proof_of_delivery", code: "" }] },
    );
    expect(
      drifts(
        mixed,
        of(40, (index) => usual(index * 2)),
      ),
    ).to.deep.equal([]);
    const byId = (index: number): Said => ({
      ...usual(index),
      fields: [...usual(index).fields, `/trips/${index}`],
    });
    expect(
      drifts(
        of(200, byId),
        of(40, (index) => byId(index + 1000)),
      ),
    ).to.deep.equal([]);
    const kept = merged({}, of(300, byId), 2000)["field milestone"]?.items ?? {};
    expect(Object.keys(kept)).to.have.members(["/id", "/events/[]/code", "/driver"]);
  });

  it("tells message types of EDI apart, and nothing of too few messages", () => {
    const edi = (type: string, field: string): Said => ({
      fields: [`${type}/${field}`],
      codes: [],
    });
    const both = of(100, (index) => (index % 2 === 0 ? edi("214", "AT7-05") : edi("210", "B3-07")));
    expect(
      drifts(
        both,
        of(30, () => edi("214", "AT7-05")),
      ),
    ).to.deep.equal([]);
    expect(
      drifts(
        both,
        of(30, () => edi("214", "AT7-06")),
      ).map(({ of: type }) => type),
    ).to.deep.equal(["214", "214"]);
    expect(
      drifts(
        both,
        of(19, () => edi("214", "AT7-06")),
      ),
    ).to.deep.equal([]);
    expect(
      drifts(
        of(20, usual),
        of(40, () => edi("214", "AT7-06")),
      ),
    ).to.deep.equal([]);
  });

  it("weighs a long message no more than a short one", () => {
    const long: Said = {
      fields: ["/id"],
      codes: Array.from({ length: 500 }, () => milestone("OT")),
    };
    const window = of(40, (index) =>
      index === 0 ? { ...usual(0), codes: long.codes } : usual(index),
    );
    expect(drifts(base, window)).to.deep.equal([]);
  });
});

describe("what is usual", () => {
  it("follows slow changes: beyond its most, older messages weigh less", () => {
    let base: Profile = {};
    for (let day = 0; day < 30; day += 1) base = merged(base, of(100, usual), 500);
    const group = base["code milestone"];
    expect(group?.messages).to.be.closeTo(500, 0.001);
    expect(group?.items["AG"]).to.be.closeTo(50, 0.001);
    for (let day = 0; day < 30; day += 1) {
      base = merged(
        base,
        of(100, () => ({ fields: ["/id"], codes: [milestone("OT")] })),
        500,
      );
    }
    expect(base["code milestone"]?.items["OT"]).to.be.above(490);
  });
});
