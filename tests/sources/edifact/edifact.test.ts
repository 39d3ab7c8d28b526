/* Over 300 lines: what all messages of EDIFACT share, from the envelope to the answer. */
import { expect } from "chai";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { factKey } from "../../../bridge/canonical/fact_key.ts";
import type { OrderPurpose } from "../../../bridge/canonical/transport_order.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { writeIftmin } from "../../../bridge/sources/edifact/iftmin.ts";
import { decode, segments, type Segment } from "../../../bridge/sources/edifact/segments.ts";
import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import { segment } from "../../../bridge/sources/edifact/writer.ts";
import type { OutgoingOrder, PeerRequest } from "../../../bridge/sources/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { outboxItem } from "../../store/store_contract.ts";
import { messageOf } from "../golden.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures", "edifact");
// The samples are of many partners.
const us = { sender: "US", sender_qualifier: "ZZZ", receiver: "THEM", parties: "any" };
const settings = edifactSource.settings.parse({ interchange: us });
const read = (text: string | Buffer, more: object = {}): Reading =>
  edifactSource.read(messageOf(text), { ...settings, ...more });
const sample = (name: string) => readFileSync(join(FIXTURES, name));
const split = (text: string): Segment[] => [...segments(decode(Buffer.from(text)))];
const codes = ({ findings }: Reading) => findings.map((it) => it.code);
const refusal = (text: string): string => {
  try {
    read(text);
    return "read";
  } catch (error) {
    if (error instanceof MilepostError) return error.code;
    throw error;
  }
};

/** One IFTSTA of one event. */
const iftsta = (...event: string[]) =>
  [
    "UNB+UNOC:3+C+S+261120:0930+1'UNH+1+IFTSTA:D:96A:UN'BGM+23+D1+9'DTM+137:202611200930:203'CNI+1+SHP1'",
    ...event,
    `UNT+${5 + event.length}+1'UNZ+1+1'`,
  ].join("");
const milestones = (reading: Reading) =>
  reading.facts.flatMap(({ fact }) => (fact.kind === "milestone" ? [fact] : []));

describe("edifact: the tokens", () => {
  it("undo what was written, whatever the text", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab?'+:. é") });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (components) => {
        const line = segment("RFF", components);
        const wanted = components.map((it) => it.trim());
        while (wanted.at(-1) === "") wanted.pop();
        expect(split(line)[0]?.elements[0] ?? []).to.deep.equal(wanted);
      }),
    );
  });

  it("take the separators from UNA, and a space there as no release character", () => {
    const [first] = split("UNA:+. *'BGM+23?+a'");
    expect(first?.elements).to.deep.equal([["23?"], ["a"]]);
  });

  it("do not care for BOM, line ends and lower case under UNOA", () => {
    const list = split("\ufeffUNB+UNOA:1+müller'\r\n  BGM+a'\n");
    expect(list.map((it) => `${it.tag}${it.number}`)).to.deep.equal(["UNB1", "BGM2"]);
    expect(list[0]?.elements[1]).to.deep.equal(["müller"]);
  });

  it("read ISO 8859-1 as such, and say that control characters became spaces", () => {
    const body = Buffer.from(
      iftsta("STS+1+Q7::0:M\u00fcnch\u0001en'", "DTM+334:20261119:102'"),
      "latin1",
    );
    const reading = read(body);
    expect(milestones(reading)[0]?.raw_text).to.equal("Münch en");
    expect(codes(reading)).to.include("bad_characters");
  });

  it("cost one segment when one is broken", () => {
    const reading = read(iftsta("sts+1+21'", "STS+1+21'", "DTM+334:20261119:102'"));
    expect(codes(reading)).to.include("bad_segment");
    expect(milestones(reading)).to.have.length(1);
  });
});

describe("edifact: the envelope", () => {
  it("is refused when it is none, or holds nothing", () => {
    expect(refusal("ISA*00*")).to.equal("not_edifact");
    expect(refusal("")).to.equal("no_message");
    expect(refusal("UNB+UNOC:3+A+B+261120:0930+1'UNZ+0+1'")).to.equal("no_message");
    expect(refusal("UNB+UNOC:3+A+B")).to.equal("bad_segment");
  });

  it("is cut at any byte without inventing an event", () => {
    const whole = sample("made_iftsta_placements.edi");
    const keys = new Set(read(whole).facts.map(({ fact }) => factKey(fact)));
    for (let length = 200; length < whole.length - 2; length += 7) {
      const text = whole.subarray(0, length);
      const reading = read(text);
      for (const { fact } of reading.facts) {
        expect(keys.has(factKey(fact)), `${length}: ${JSON.stringify(fact)}`).to.equal(true);
      }
      expect(codes(reading)).to.include("truncated");
    }
  });

  it("never makes an invoice of a cut one", () => {
    const whole = sample("staedi_invoic_d97b_una.edi").toString();
    const reading = read(whole.slice(0, whole.indexOf("ALC")));
    expect(reading.facts).to.deep.equal([]);
    expect(codes(reading)).to.include("cut_invoice");
  });

  it("reads every message of a file of ten thousand, a part at a time", () => {
    const message = (n: number) =>
      `UNH+${n}+IFTSTA:D:96A:UN'BGM+23+D${n}+9'CNI+1+SHP${n}'STS+1+21'DTM+334:202611191200:203'UNT+6+${n}'`;
    const all = Array.from({ length: 10_000 }, (_, n) => message(n + 1)).join("");
    const body = `UNB+UNOC:3+C+S+261120:0930+1'${all}UNZ+10000+1'`;
    let parts = 0;
    const names = new Set<string>();
    for (const part of edifactSource.readParts!(messageOf(body), settings)) {
      parts++;
      expect(part.facts.length).to.be.at.most(1);
      for (const { lane } of part.facts) names.add(lane);
      expect(part.findings.filter((it) => it.severity === "error")).to.deep.equal([]);
    }
    expect(parts).to.equal(10_001);
    expect(names.size).to.equal(10_000);
  }).timeout(30_000);
});

describe("edifact: events", () => {
  const codeOf = (...event: string[]) => milestones(read(iftsta(...event)))[0]?.code;
  const time = "DTM+334:202611191200:203'";

  it("never take a departure from elsewhere for a pickup, nor an arrival for a delivery", () => {
    expect(codeOf("STS+1+24'", time, "LOC+9+DEHAM:139:6'")).to.equal("departed_terminal");
    expect(codeOf("STS+1+24'", time, "LOC+5+DEHAM:139:6'")).to.equal("picked_up");
    expect(codeOf("STS+1+1'", time, "LOC+7+DEHAM:139:6'")).to.equal("arrived_delivery");
    expect(codeOf("STS+1+1'", time)).to.equal("arrived_terminal");
  });

  it("are what the partner means by its codes when the settings say so", () => {
    const text = iftsta("STS+1+Q9'", time);
    expect(milestones(read(text))[0]?.code).to.equal(undefined);
    const own = { status_codes: { Q9: "out_for_delivery" } };
    expect(milestones(read(text, own))[0]?.code).to.equal("out_for_delivery");
    const none = { status_codes: { 21: "unmapped" } };
    expect(milestones(read(iftsta("STS+1+21'", time), none))[0]?.code).to.equal(undefined);
  });

  it("are estimated when only a forecast is given", () => {
    const [event] = milestones(read(iftsta("STS+1+21'", "DTM+132:202611191200:203'")));
    expect(event).to.include({ code: "delivered", classifier: "estimated" });
  });

  it("are the same fact in a duplicate or a copy, and gone by a cancellation", () => {
    const text = sample("made_iftsta_functions.edi").toString();
    const [original, duplicate, replaced, cancelled] = read(text).facts.map((it) => it.fact);
    expect(factKey(duplicate!)).to.equal(factKey(original!));
    expect(factKey(replaced!)).not.to.equal(factKey(original!));
    expect(replaced?.version).to.equal("2026-11-20T10:00:00Z");
    expect(cancelled).to.deep.include({
      kind: "retraction",
      target: { source_event: original?.source_event },
    });
  });
});

describe("edifact: invoices", () => {
  it("say what does not add up, and go on", () => {
    const text = sample("staedi_invoic_d97b_una.edi")
      .toString()
      .replace("39=2137.58", "39=2137.59");
    const reading = read(text);
    expect(codes(reading)).to.include("money_mismatch");
    expect(reading.facts).to.have.length(1);
    expect(codes(read(sample("staedi_invoic_d93a_una.edi")))).not.to.include("money_mismatch");
  });
});

describe("edifact: what is sent", () => {
  const order = outboxItem(7).payload;
  const full = {
    ...order,
    shipper: { name: "O'Neill + Söhne: GmbH", reference: "4000001" },
    note: "Ring? At the 'back'",
    goods: [
      {
        id: order.id,
        description: "Chairs",
        quantity: "12",
        unit: "PCE",
        weight_kg: "96.5",
        volume_m3: "1.2",
      },
      { id: order.id, description: "Tables", quantity: "2.5", unit: "PCE", weight_kg: "0.1" },
    ],
    stops: order.stops.map((it) => ({
      ...it,
      place: { ...it.place, unlocode: "NLUTC" },
      window_start: "2026-11-24T08:00:00Z",
      window_end: "2026-11-24T10:00:00Z",
    })),
  };

  const outgoing: OutgoingOrder = {
    purpose: "original",
    order: full,
    key: "key",
    number: 7,
    attempt: 1,
  };

  it("is an IFTMIN whose counts, references and texts read back", () => {
    const body = writeIftmin(outgoing, settings, new Date("2026-11-23T08:00:00Z"));
    const list = [...segments(decode(body))];
    const of = (tag: string) => list.filter((it) => it.tag === tag).map((it) => it.elements);
    expect(list.some((it) => it.fault !== undefined)).to.equal(false);
    expect(of("UNB")[0]?.slice(1, 5)).to.deep.equal([
      ["US", "ZZZ"],
      ["THEM"],
      ["261123", "0800"],
      ["000000007"],
    ]);
    const unh = list.findIndex((it) => it.tag === "UNH");
    const unt = list.findIndex((it) => it.tag === "UNT");
    expect(of("UNT")[0]?.[0]).to.deep.equal([String(unt - unh + 1)]);
    expect(of("NAD").map((it) => it[3])).to.deep.equal([["O'Neill + Söhne: GmbH"], ["They"]]);
    expect(of("FTX")[0]?.[3]).to.deep.equal(["Ring? At the 'back'"]);
    expect(of("CNT")[0]?.[0]).to.deep.equal(["7", "96.6", "KGM"]);
    expect(of("GID").map((it) => it[1]?.[0])).to.deep.equal(["12", "2.5"]);
    expect(of("DTM").map((it) => it[0]?.[0])).to.deep.equal(["137", "234", "235", "64", "63"]);
  });

  it("is one file for an order, however often it is sent", async () => {
    const sent: PeerRequest[] = [];
    const peer = {
      request: async (request: PeerRequest) => {
        sent.push(request);
        return { status: 201, headers: {}, body: Buffer.alloc(0) };
      },
    };
    const send = () =>
      edifactSource.sendOrder!(peer, outgoing, settings, new AbortController().signal);
    const receipt = await send();
    await send();
    expect(receipt).to.deep.include({ result: "accepted", externalNumber: order.shipment });
    expect(new Set(sent.map((it) => `${it.method} ${it.path}`))).to.deep.equal(
      new Set(["PUT /iftmin-000000007.edi"]),
    );
  });

  it("waits for its settings when there is nobody to send as", () => {
    const unset = edifactSource.settings.parse({});
    expect(() => writeIftmin(outgoing, unset, new Date())).to.throw("settings.interchange");
  });

  it("says by the message function what it is to an earlier one of its number", () => {
    const bgm = (purpose: OrderPurpose, order_change: "replace" | "change" = "replace") => {
      const body = writeIftmin({ ...outgoing, purpose }, { ...settings, order_change }, new Date());
      const [head] = [...segments(decode(body))].filter((it) => it.tag === "BGM");
      expect(head?.elements[1]).to.deep.equal([full.shipment]);
      return head?.elements[2]?.[0];
    };
    expect(bgm("original", "change")).to.equal("9");
    expect(bgm("cancellation")).to.equal("1");
    expect(bgm("change", "change")).to.equal("4");
    expect(bgm("change")).to.equal("5");
  });

  it("answers each interchange with one CONTRL, the same for the same bytes, and never a CONTRL", () => {
    const text = sample("made_iftsta_traps.edi");
    const [one, again] = [read(text).replies, read(text).replies];
    expect(one).to.have.length(1);
    expect(one?.[0]?.name).to.equal(again?.[0]?.name);
    expect(one?.[0]?.body.equals(again?.[0]?.body ?? Buffer.alloc(0))).to.equal(true);
    const answer = read(one![0]!.body);
    expect(answer.replies).to.deep.equal([]);
    expect(codes(answer)).to.deep.equal([
      "interchange_received",
      "message_received",
      "message_received",
    ]);
    expect(read(text, { acknowledge: "none" }).replies).to.deep.equal([]);
  });
});
