import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { edifactSource } from "../../bridge/sources/edifact/source.ts";
import { x12Source } from "../../bridge/sources/x12/source.ts";
import type { Source } from "../../bridge/sources/source.ts";
import { iftsta, interchange as edifact } from "./edifact/made.ts";
import { messageOf } from "./golden.ts";
import { interchange as x12, status214 } from "./x12/samples.ts";

/** How many facts and replies a message gives, or why it is set aside. */
function outcome<S>(source: Source<S>, text: string, us: object | undefined) {
  const settings = source.settings.parse(us === undefined ? {} : { interchange: us });
  try {
    const { facts, replies = [] } = source.read(messageOf(text), settings);
    return { facts: facts.length, replies: replies.length };
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    return { code: error.code, retry: error.retry, path: error.path, text: error.message };
  }
}

const STATUS = status214("AT7*D1*NS***20260710*1015*CT");
const EVENT = iftsta("STS+1+21", "DTM+334:202407101200:203");
const READ = { facts: 1, replies: 1 };
const x12Of = (text: string, us?: object) => outcome(x12Source, text, us);
const edifactOf = (text: string, us?: object) => outcome(edifactSource, text, us);

describe("the parties of an interchange", () => {
  it("are the connection's, the other way round than in what we send", () => {
    expect(x12Of(STATUS, { sender: "SHIPPER", receiver: "CARRIER" })).to.deep.equal(READ);
    expect(edifactOf(EVENT, { sender: "SHIPPERY", receiver: "CARRIERX" })).to.deep.equal(READ);
  });

  it("that are others set the message aside, and name both", () => {
    const refused = { code: "foreign_interchange", retry: "quarantine" };
    expect(x12Of(STATUS, { sender: "SHIPPER", receiver: "ACME" })).to.deep.equal({
      ...refused,
      path: "ISA1-06",
      text:
        'x12: the interchange is from "CARRIER" to "SHIPPER"; ' +
        'this connection\'s are from "ACME" to "SHIPPER"',
    });
    expect(edifactOf(EVENT, { sender: "US", receiver: "CARRIERX" })).to.deep.equal({
      ...refused,
      path: "UNB1/1",
      text:
        'edifact: the interchange is from "CARRIERX" to "SHIPPERY"; ' +
        'this connection\'s are from "CARRIERX" to "US"',
    });
  });

  it("may be further senders, or anybody's where the settings say so", () => {
    for (const more of [{ also_from: ["CARRIER", "CARRIERX"] }, { parties: "any" }]) {
      const x12Us = { sender: "SHIPPER", receiver: "ACME", ...more };
      expect(x12Of(STATUS, x12Us)).to.deep.equal(READ);
      const edifactUs = { sender: "SHIPPERY", receiver: "ACME", ...more };
      expect(edifactOf(EVENT, edifactUs)).to.deep.equal(READ);
    }
    expect(x12Of(STATUS)).to.deep.equal(READ);
    expect(edifactOf(EVENT)).to.deep.equal(READ);
  });

  it("are judged in X12's groups, too, which may have identifications of their own", () => {
    const grouped = STATUS.replace("*CARRIER*SHIPPER*", "*CARR*SHIP*");
    const us = { sender: "SHIPPER", receiver: "CARRIER" };
    expect(x12Of(grouped, us)).to.include({ code: "foreign_interchange", path: "ISA1/GS1/GS-02" });
    const both = { ...us, group_sender: "SHIP", group_receiver: "CARR" };
    expect(x12Of(grouped, both)).to.deep.equal(READ);
    expect(x12Of(STATUS, both)).to.deep.equal(READ);
    // Nothing is said there.
    expect(x12Of(STATUS.replace("*CARRIER*SHIPPER*", "***"), us)).to.deep.equal(READ);
  });

  it("of an answer to another's order are judged before its control number names one of ours", () => {
    const us = { sender: "SHIPPER", receiver: "ACME" };
    const ack = x12("997", [["AK1*SM*17", "AK9*R*1*1*0"]], { functionalId: "FA" });
    expect(x12Of(ack, us)).to.include({ code: "foreign_interchange" });
    const ta1 = ack.replace(/GS[^]*GE\*1\*7~\n/, "TA1*000000017*261711*1200*R*009~\n");
    expect(x12Of(ta1, us)).to.include({ code: "foreign_interchange" });
    const contrl = edifact("CONTRL:D:3:UN", "UCI+77+US+THEM+4");
    expect(edifactOf(contrl, { sender: "US", receiver: "THEM" })).to.include({
      code: "foreign_interchange",
    });
  });

  it("of one interchange do not keep the others of the file from being read", () => {
    const us = x12Source.settings.parse({
      interchange: { sender: "SHIPPER", receiver: "CARRIER" },
    });
    const file = STATUS.replaceAll("CARRIER", "STRANGE") + STATUS;
    let facts = 0;
    expect(() => {
      for (const part of x12Source.readParts?.(messageOf(file), us) ?? [])
        facts += part.facts.length;
    }).to.throw(MilepostError, 'from "STRANGE"');
    expect(facts).to.equal(1);
  });

  it("are nobody's in an EDIFACT message that came without its UNB", () => {
    const bare = EVENT.replace(/^UNB[^']*'/, "").replace(/UNZ[^']*'$/, "");
    expect(edifactOf(bare, { sender: "US", receiver: "THEM" })).to.include({ facts: 1 });
  });
});
