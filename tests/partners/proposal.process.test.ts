import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { soundsLike } from "../../bridge/partners/code_words.ts";
import { proposeMapping } from "../../bridge/partners/proposal.ts";
import { tryMessage } from "../../bridge/partners/trial.ts";
import { parsePartner } from "../../bridge/sources/mapped/partner_file.ts";
import { FIXTURES, message } from "../sources/mapped/mapped_kit.ts";

describe("a mapping made from a sample", function () {
  this.timeout(20_000);

  const samples: Array<[string, "json" | "csv" | "xml", string]> = [
    [
      "a list of events inside a load",
      "json",
      JSON.stringify({
        loadNumber: "L-4711",
        proNumber: "PRO99",
        events: [
          { status: "PICKED_UP", eventTime: "2026-11-23T08:00:00Z", city: "Reno", state: "NV" },
          { status: "OUT_FOR_DELIVERY", eventTime: "2026-11-24T08:00:00Z" },
        ],
      }),
    ],
    ["a table", "csv", "PRO Number,Status,Event Time\nPRO99,Delivered,2026-11-24T09:00:00Z\n"],
    [
      "XML",
      "xml",
      "<status><bolNumber>B1</bolNumber><statusCode>DELIVERED</statusCode><eventTime>2026-11-24T09:00:00Z</eventTime></status>",
    ],
  ];
  for (const [what, type, body] of samples) {
    it(`reads ${what} without a change`, async () => {
      const { text, found } = proposeMapping("acme", type, Buffer.from(body), "America/Chicago");
      expect(found.identifiers).to.have.length.greaterThan(0);
      const trial = await tryMessage("sample", message(body), parsePartner(text, "acme.yaml"));
      expect(trial.refused).to.equal(undefined);
      expect(trial.facts).to.have.length.greaterThan(0);
      for (const { fact } of trial.facts) expect(fact).to.have.property("code");
    });
  }

  /** What the first mapping makes of its own sample. */
  async function facts(type: "json" | "csv" | "xml", body: Buffer, zone: string) {
    const { text, found } = proposeMapping("acme", type, body, zone);
    const raw = { ...message(""), body };
    const trial = await tryMessage("sample", raw, parsePartner(text, "acme.yaml"));
    const said = trial.facts.flatMap(({ fact }) =>
      fact.kind !== "milestone"
        ? []
        : [
            [
              fact.raw_code,
              fact.code,
              fact.occurred.at,
              ...fact.identifiers.map((it) => `${it.type} ${it.value}`),
            ].join(", "),
          ],
    );
    return { said, text, found };
  }

  it("reads a German table: semicolons, Latin letters, date and clock apart, meanings by the text", async () => {
    const table = Buffer.from(
      [
        "Sendungsnummer;Status;Statustext;Datum;Uhrzeit;Ort;Land;Empfangen durch;Betrag",
        "S-1001;31;Sendung in Zustellung;03.11.2026;07:15;Köln;DE;;1.200,50",
        "S-1001;40;Zugestellt an Empfänger;03.11.2026;09:20;Köln;DE;Müller;12,00",
      ].join("\n"),
      "latin1",
    );
    const { said, text, found } = await facts("csv", table, "Europe/Berlin");
    expect(said).to.deep.equal([
      "31, out_for_delivery, 2026-11-03T06:15:00Z, shipment_id S-1001",
      "40, delivered, 2026-11-03T08:20:00Z, shipment_id S-1001",
    ]);
    expect(text).to.include("kind: proof_of_delivery").and.include('decimal: ","');
    expect(found.unsure).to.include("money is not mapped: Betrag");
  });

  it("takes the code and not the event's id, and dates as they are written there", async () => {
    const table = Buffer.from(
      [
        "Event ID,PRO Number,Event Code,Event Date,Event Time,City,State",
        "100001,12345678,AF,11/13/2026,0815,Reno,NV",
        "100002,12345678,D1,11/14/2026,1510,Dallas,TX",
      ].join("\n"),
    );
    const { said, text } = await facts("csv", table, "America/Chicago");
    expect(said).to.deep.equal([
      "AF, , 2026-11-13T16:15:00Z, pro 12345678",
      "D1, , 2026-11-14T21:10:00Z, pro 12345678",
    ]);
    expect(text).to.include('event: "`Event ID`"');
  });

  it("asks where day and month may be swapped", () => {
    const dates = (zone: string) =>
      proposeMapping("acme", "csv", Buffer.from("pro,status,date\n1,Delivered,03/04/2026\n"), zone);
    expect(dates("Europe/Paris").text).to.include("- dd/MM/yyyy");
    expect(dates("America/Denver").text).to.include("- MM/dd/yyyy");
    expect(dates("Europe/Paris").found.unsure[0]).to.include("day and month swapped");
  });

  it("finds the shipments of an XML that shows one of each, and not the head of the message", async () => {
    const xml = (shipments: string) =>
      Buffer.from(
        `<a:Feed xmlns:a="urn:x"><a:Header><a:MessageId>7</a:MessageId><a:CreatedAt>2026-11-20T10:00:00Z</a:CreatedAt></a:Header>${shipments}</a:Feed>`,
      );
    const shipment = (n: number) =>
      `<a:Shipment number="S-${n}"><a:Event type="POD"><a:DateTime>2026-11-20T09:00:00Z</a:DateTime><a:Place><a:City>Lyon</a:City></a:Place></a:Event></a:Shipment>`;
    const { said, text } = await facts("xml", xml(shipment(1)), "Europe/Paris");
    expect(said).to.deep.equal(["POD, delivered, 2026-11-20T09:00:00Z, shipment_id S-1"]);
    const more = { ...message(""), body: xml(shipment(1) + shipment(2)) };
    const trial = await tryMessage("two", more, parsePartner(text, "acme.yaml"));
    expect(trial.facts).to.have.length(2);
  });

  const REAL: Array<[string, string, string, number]> = [
    ["easypost", "test_tracker_retrieve_0.json", "booked", 2],
    ["aftership", "tracking_0.json", "booked", 1],
    ["shippo", "made_webhook_delivered.json", "delivered", 7],
    ["shipengine", "made_webhook_delivered.json", "delivered", 4],
    ["fourkites", "made_arrival_pickup.json", "arrived_terminal", 1],
    ["karrio", "made_list.json", "available", 2],
  ];
  for (const [source, name, code, count] of REAL) {
    it(`reads what ${source} really sends: ${name}`, async () => {
      const body = readFileSync(join(FIXTURES, "..", source, name));
      const { said } = await facts("json", body, "UTC");
      expect(said).to.have.length(count);
      expect(said.join("\n")).to.include(`, ${code}, `);
    });
  }

  it("says what it could not recognise instead of guessing", () => {
    const { text, found } = proposeMapping("acme", "json", Buffer.from('{"a":{"b":"zz"}}'), "UTC");
    expect(found).to.deep.include({ identifiers: [], time: null, code: null });
    expect(text).to.include("# To do: no identifier was recognised");
  });

  for (const [code, meaning] of [
    ["OutForDelivery", "out_for_delivery"],
    ["ARRIVED_AT_CONSIGNEE", "arrived_delivery"],
    ["container.transport.full_out", "picked_up"],
    ["delivered", "delivered"],
    ["X9", undefined],
    ["Delivery appointment scheduled", "appointment_set"],
    ["Unable to deliver", "delivery_attempted"],
    ["Ready for pickup", "available"],
    ["Zugestellt an Empfänger", "delivered"],
    ["Annahme verweigert", "refused"],
    ["Returned to sender", "returned"],
    ["container.transport.empty_in", undefined],
    ["Empty container returned", undefined],
    ["Retour Leercontainer", undefined],
    ["GATE_OUT_EMPTY picked up", undefined],
  ] as const) {
    it(`hears ${meaning ?? "nothing"} in ${code}`, () => {
      expect(soundsLike(code)).to.equal(meaning);
    });
  }
});
