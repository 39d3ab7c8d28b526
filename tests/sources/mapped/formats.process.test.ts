import { expect } from "chai";
import type { Unkeyed } from "../../../bridge/sources/shared/reading/reading.ts";
import type { CarrierInvoice, Milestone, ProofOfDelivery } from "../../../bridge/canonical/fact.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { expectSound } from "../golden.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { message, partner, read } from "./mapped_kit.ts";

describe("tables, XML and the kinds of facts", function () {
  this.timeout(30_000);

  it("gives the document, for whom wants to know its fields, in its own format", () => {
    const table = partner({ format: "csv" });
    const document = mappedSource.document?.(message("load,code\n7,DEL\n"), table);
    expect(document).to.deep.equal([{ load: "7", code: "DEL" }]);
  });

  it("reads a table by its headings, in a format of time of its own", async () => {
    const table = partner({
      format: "csv",
      identifiers: { pro: { column: "PRO #" } },
      facts: [
        {
          kind: "milestone",
          code: { column: "Status" },
          text: { column: "Note" },
          occurred: { at: { column: "When" }, format: "MM/dd/yyyy HH:mm" },
        },
      ],
    });
    const reading = await read(
      '\uFEFFPRO #,Status,When,Note\n007,DEL,11/23/2026 14:05,"=1+1, yes"\n',
      table,
    );
    expectSound(reading);
    expect(reading.findings).to.deep.equal([]);
    expect(reading.facts[0]!.fact).to.deep.include({
      identifiers: [{ type: "pro", value: "007" }],
      code: "delivered",
      raw_text: "=1+1, yes",
      message_path: "/0",
      occurred: {
        at: "2026-11-23T20:05:00Z",
        zone: "America/Chicago",
        precision: "minute",
        zone_inferred: true,
      },
    });
  });

  it("refuses a table whose heading would alter a prototype, or names a column twice", async () => {
    for (const [heading, code] of [
      ["__proto__,at", "forbidden_key"],
      ["code,code", "not_csv"],
    ] as const) {
      const error = await read(`${heading}\nx,y\n`, partner({ format: "csv" })).catch(
        (it: unknown) => it,
      );
      expect(error).to.be.instanceOf(MilepostError).and.to.include({ code });
    }
  });

  it("reads XML with attributes, and one element like a list of one", async () => {
    const xml = partner({
      format: "xml",
      records: "feed.load",
      identifiers: { bol: "`@bol`" },
      facts: [{ kind: "milestone", each: "event", code: "`@code`", occurred: "at" }],
    });
    const body =
      '<feed xmlns:x="u"><x:load bol="B1"><event code="PU"><at>2026-11-23T08:00:00Z</at></event></x:load></feed>';
    const { facts } = await read(body, xml);
    expect(facts.map(({ fact }) => (fact as Unkeyed<Milestone>).code)).to.deep.equal(["picked_up"]);
    const broken = await read("<feed><load></feed>", xml).catch((it: unknown) => it);
    expect(broken).to.include({ code: "not_xml" });
    const deep = await read(`${"<a>".repeat(65)}${"</a>".repeat(65)}`, xml).catch(
      (it: unknown) => it,
    );
    expect(deep).to.include({ code: "too_deep" });
  });

  it("makes charges and bills with exact decimals, and says what it could not read", async () => {
    const money = partner({
      authority: { billing: ["charge", "carrier_invoice"] },
      facts: [
        {
          kind: "charge",
          each: "charges",
          side: "cost",
          code: "c",
          amount: "$implied(a, 2)",
          currency: "USD",
        },
        {
          kind: "carrier_invoice",
          number: "invoice",
          bill_date: "date",
          currency: "currency",
          total: "total",
          lines: { each: "charges", code: "c", amount: "$implied(a, 2)" },
        },
      ],
      codes: { charges: { LH: "linehaul" } },
    });
    const reading = await read(
      {
        load: "L1",
        invoice: "I-1",
        date: "2026-11-23",
        currency: "usd",
        total: "51.65",
        charges: [
          { c: "LH", a: "5165" },
          { c: "ZZ", a: "x" },
        ],
      },
      money,
    );
    expectSound(reading);
    const [charge, bill] = reading.facts.map((it) => it.fact);
    expect(charge).to.include({
      charge_type: "linehaul",
      amount: "51.65",
      currency: "USD",
      side: "cost",
    });
    expect(bill).to.include({
      number: "I-1",
      bill_date: "2026-11-23",
      total: "51.65",
      currency: "USD",
    });
    expect((bill as Unkeyed<CarrierInvoice>).lines).to.have.length(1);
    expect(reading.findings.map((it) => it.code)).to.include("missing_value");
  });

  it("makes proofs of delivery with papers and quantities, and plans with stops", async () => {
    const all = partner({
      authority: { billing: ["proof_of_delivery"] },
      facts: [
        {
          kind: "proof_of_delivery",
          delivered: "at",
          signer: "by",
          signed: "$exists(by)",
          quantities: { each: "goods", goods: "sku", quantity: "n", outcome: { from: "state" } },
          documents: { each: "papers", name: "name", media_type: "type", content_base64: "data" },
        },
        {
          kind: "itinerary",
          stops: {
            each: "stops",
            id: "id",
            sequence: "n",
            kind: { from: "type" },
            planned_arrival: "eta",
            place: { city: "city", country: "country" },
          },
        },
      ],
      codes: { words: { OK: "accepted", P: "pickup", D: "delivery" } },
    });
    const reading = await read(
      {
        load: "L1",
        at: "2026-11-23T08:00:00Z",
        by: "J. Doe",
        goods: [{ sku: "A", n: "3", state: "OK" }],
        papers: [
          { name: "pod.pdf", type: "application/pdf", data: "JVBERi0xLjQ=" },
          { name: "x", type: "image/svg+xml", data: "AAAA" },
        ],
        stops: [
          { id: "s1", n: 1, type: "P", eta: "2026-11-23T08:00", city: "Reno", country: "USA" },
          { id: "s2", n: 2, type: "??" },
        ],
      },
      all,
    );
    expectSound(reading);
    const [pod, plan] = reading.facts.map((it) => it.fact);
    const { signer, quantities, documents } = pod as Unkeyed<ProofOfDelivery>;
    expect({ signer, quantities }).to.deep.equal({
      signer: "J. Doe",
      quantities: [{ goods: "A", quantity: "3", outcome: "accepted" }],
    });
    expect(documents).to.have.length(1);
    expect(plan).to.have.property("stops").with.length(1);
    expect(reading.findings.map((it) => it.code).toSorted()).to.deep.equal([
      "bad_document",
      "bad_stop",
      "unknown_word",
    ]);
  });

  it("hands on papers behind a link, which prove nothing before they are here", async () => {
    const linked = partner({
      authority: { billing: ["proof_of_delivery"] },
      facts: [
        {
          kind: "proof_of_delivery",
          event: "id",
          delivered: "at",
          signer: "by",
          documents: { each: "papers", name: "name", url: "href" },
        },
      ],
    });
    const at = "2026-11-23T08:00:00Z";
    const papers = [{ name: "pod", href: "https://files.acme.example/17" }, { name: "none" }];
    const { facts, links = [] } = await read({ load: "L1", id: "d1", at, papers }, linked);
    expect(facts).to.deep.equal([]);
    expect(links).to.have.length(1);
    expect(links[0]).to.include({ url: "https://files.acme.example/17", id: "d1 pod" });
    expect(links[0]?.proof.delivered).to.include({ at });
    const signed = await read({ load: "L1", id: "d1", at, by: "J. Doe", papers }, linked);
    expect([signed.facts.length, signed.links?.length]).to.deep.equal([1, 1]);
    const photos = ["1", "2"].map((n) => ({
      name: "photo",
      href: `https://files.acme.example/${n}`,
    }));
    const two = await read({ load: "L1", id: "d1", at, papers: photos }, linked);
    expect(two.links?.map(({ id }) => id)).to.deep.equal(["d1 photo", "d1 photo 1"]);
  });

  it("keeps what the partner has no authority for out of billing, and shows it", async () => {
    const visible = partner({ authority: { billing: ["picked_up"] } });
    const { facts, findings } = await read(
      { load: "L1", code: "DEL", at: "2026-11-23T08:00:00Z" },
      visible,
    );
    expect(facts).to.deep.equal([]);
    expect(findings.map((it) => it.code)).to.deep.equal(["no_authority"]);
  });

  it("refuses a file with a bare number as code, an unknown key, or a wrong word, and says where", () => {
    expect(() =>
      partner({ facts: [{ kind: "milestone", code: "c", occured: "at", occurred: "at" }] }),
    )
      .to.throw(MilepostError)
      .with.property("path", "facts/0");
    expect(() => partner({ codes: { milestones: { X1: "deliverd" } } }))
      .to.throw(MilepostError)
      .with.property("path")
      .that.matches(/^codes\/milestones\/X1/);
    expect(() => partner({ zone: "Mars/Base" })).to.throw(MilepostError, "IANA time zone");
  });
});
