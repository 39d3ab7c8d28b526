import { expect } from "chai";
import { soundsLike } from "../../bridge/partners/code_words.ts";
import { proposeMapping } from "../../bridge/partners/proposal.ts";
import { tryMessage } from "../../bridge/partners/trial.ts";
import { parsePartner } from "../../bridge/sources/mapped/partner_file.ts";
import { message } from "../sources/mapped/mapped_kit.ts";

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
  ] as const) {
    it(`hears ${meaning ?? "nothing"} in ${code}`, () => {
      expect(soundsLike(code)).to.equal(meaning);
    });
  }
});
