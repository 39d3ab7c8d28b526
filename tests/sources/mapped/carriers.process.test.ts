import { expect } from "chai";
import type { Milestone } from "../../../bridge/canonical/fact.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import type { Page, PeerRequest, TrackedNumber } from "../../../bridge/sources/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { codesOf, NOW, readSample, sampleOf, shippedPartner } from "./mapped_kit.ts";

/** Facts as lines: what, when (UTC), of which number. */
function told({ facts }: Reading): string[] {
  return facts.map(({ fact }) => {
    const number = fact.identifiers[0]?.value ?? "";
    if (fact.kind === "milestone")
      return `${fact.code ?? `?${fact.raw_code}`} ${atOf(fact)} ${number}`;
    if (fact.kind !== "proof_of_delivery") return fact.kind;
    const papers = fact.documents?.map(({ media_type }) => media_type) ?? [];
    return ["proof", fact.delivered?.at, number, fact.signer, ...papers].join(" ");
  });
}

const atOf = ({ occurred }: Pick<Milestone, "occurred">) =>
  `${occurred.at}${occurred.zone_inferred === true ? "?" : ""}`;

const fault = (text: string, code: string, retry: "later" | "never") =>
  new MilepostError(text, { code, retry });

describe("carriers that are asked for tracking numbers", function () {
  this.timeout(60_000);

  it("reads UPS: scans at the clock of their place, the forecast, signature and photo", async () => {
    expect(told(await readSample("ups", "on_its_way.json"))).to.deep.equal([
      "out_for_delivery 2026-11-23T14:15:00Z 1Z999AA10123456784",
      "in_transit 2026-11-23T05:05:01Z? 1Z999AA10123456784",
      "booked 2026-11-21T18:00:00Z 1Z999AA10123456784",
      "eta_updated 2026-11-23T06:00:00Z? 1Z999AA10123456784",
    ]);
    const delivered = await readSample("ups", "delivered.json");
    expect(told(delivered)).to.deep.equal([
      "delivered 2026-11-23T20:30:10Z 1Z999AA10123456784",
      "out_for_delivery 2026-11-23T14:15:00Z 1Z999AA10123456784",
      "proof 2026-11-23T20:30:10Z 1Z999AA10123456784 A. SMITH image/gif image/jpeg",
    ]);
    expect(codesOf(delivered)).to.deep.equal([]);
  });

  it("reads a UPS parcel that came back as returned, without a proof of delivery", async () => {
    expect(told(await readSample("ups", "returned.json"))).to.deep.equal([
      "returned 2026-11-25T16:15:00Z 1Z999AA10123456785",
      "in_transit 2026-11-24T14:15:00Z 1Z999AA10123456785",
      "refused 2026-11-23T15:15:00Z 1Z999AA10123456785",
    ]);
  });

  it("reads FedEx: of a number that was given out again the latest shipment, and its signature proof", async () => {
    const reading = await readSample("fedex", "three_numbers.json");
    expect(told(reading)).to.deep.equal([
      "delivered 2026-11-23T17:26:00Z 776094337676",
      "delivery_attempted 2026-11-22T19:26:00Z 776094337676",
      "out_for_delivery 2026-11-22T16:55:00Z 776094337676",
      "departed_terminal 2026-11-22T01:29:25Z 776094337676",
      "picked_up 2026-11-21T18:01:00Z 776094337676",
      "booked 2026-11-21T14:01:00Z? 776094337676",
      "proof 2026-11-23T17:26:00Z 776094337676 D.HERRERA",
      "arrived_terminal 2026-11-23T12:38:00Z 776094337677",
      "?ZZ 2026-11-23T12:39:00Z 776094337677",
      "eta_updated 2026-11-25T04:00:00Z 776094337677",
    ]);
    const asked = {
      asked: "proof",
      about: "776094337676",
      delivered: "2026-11-23T09:26:00-08:00",
      signer: "D.HERRERA",
    };
    expect(told(await readSample("fedex", "signature_proof.json", asked))).to.deep.equal([
      "proof 2026-11-23T17:26:00Z 776094337676 D.HERRERA application/pdf",
    ]);
  });

  it("reads DHL: local times by the country, who signed, where the paper is, and a return", async () => {
    const delivered = await readSample("dhl", "delivered.json");
    expect(told(delivered)).to.deep.equal([
      "delivered 2026-11-23T10:17:00Z? 00340434292135100124",
      "in_transit 2026-11-23T07:40:00Z 00340434292135100124",
      "booked 2026-11-21T17:20:00Z? 00340434292135100124",
      "proof 2026-11-23T10:17:00Z 00340434292135100124 Ada Rossi",
    ]);
    expect(delivered.links?.map(({ url }) => url)).to.deep.equal([
      "https://webpod.dhl.com/webPOD/DHLePODRequest?hwb=1",
    ]);
    expect(told(await readSample("dhl", "returned.json"))).to.deep.equal([
      "returned 2026-11-24T09:00:00Z? 7777777770",
      "delivery_attempted 2026-11-22T09:00:00Z? 7777777770",
    ]);
  });

  it("reads GLS: how a parcel stands, and of its history what is named in public", async () => {
    const reading = await readSample("gls", "two_parcels.json");
    expect(told(reading)).to.deep.equal([
      "delivered 2026-11-23T14:24:57Z 36301917596",
      "picked_up 2026-11-21T09:46:14Z 36301917596",
    ]);
  });
});

describe("a carrier whose token stands in a SOAP header", function () {
  this.timeout(60_000);

  it("reads DPD: steps at the clock of their depot, those not reached left out", async () => {
    const about = { asked: "state", about: "05308801410058" };
    const reading = await readSample("dpd", "delivered.xml", about);
    expect(told(reading)).to.deep.equal([
      "picked_up 2026-11-21T16:30:00Z? 05308801410058",
      "in_transit 2026-11-21T22:48:05Z? 05308801410058",
      "arrived_terminal 2026-11-22T03:09:55Z? 05308801410058",
      "out_for_delivery 2026-11-22T06:34:34Z? 05308801410058",
      "delivery_attempted 2026-11-22T13:43:31Z? 05308801410058",
      "in_transit 2026-11-22T16:11:26Z? 05308801410058",
      "out_for_delivery 2026-11-23T06:30:00Z? 05308801410058",
      "delivered 2026-11-23T12:05:00Z? 05308801410058",
    ]);
    expect(codesOf(reading)).to.deep.equal([]);
    expect(told(await readSample("dpd", "token_expired.xml", about))).to.deep.equal([]);
  });
});

describe("asking for tracking numbers", function () {
  this.timeout(60_000);
  const numbers = (...of: string[]): TrackedNumber[] =>
    of.map((number) => ({ number, carrier: "Parcel" }));

  /** One round: what was asked, and the pages. */
  async function round(
    name: string,
    of: readonly TrackedNumber[] | undefined,
    answer: (request: PeerRequest) => { status?: number; body: Buffer },
  ) {
    const asked: PeerRequest[] = [];
    const pages: Page[] = [];
    let cursor: string | null = null;
    do {
      const request = (it: PeerRequest) => {
        asked.push(it);
        const { status = 200, body } = answer(it);
        return Promise.resolve({ status, body, headers: { "content-type": "application/json" } });
      };
      const signal = AbortSignal.timeout(30_000);
      const page = await mappedSource.fetchPage!(
        { request },
        cursor,
        shippedPartner(name),
        signal,
        NOW,
        of,
      );
      pages.push(page);
      cursor = page.cursor;
    } while (pages.at(-1)?.more === true && pages.length < 10);
    const messages = pages.flatMap((it) => it.messages);
    const warnings = pages.flatMap((it) => it.warnings ?? []).map(({ text }) => text);
    return { asked, messages, warnings, cursor };
  }

  it("asks for each, goes on behind one that the carrier does not know, and begins anew", async () => {
    const { asked, messages, warnings, cursor } = await round(
      "ups",
      numbers("1Z999AA10123456785", "1Z999AA10123456784"),
      ({ path }) =>
        path.endsWith("4")
          ? { status: 404, body: sampleOf("ups", "not_known.json") }
          : { body: sampleOf("ups", "returned.json") },
    );
    expect(asked.map(({ path, query }) => `${path} ${query?.["returnPOD"]}`)).to.deep.equal([
      "/api/track/v1/details/1Z999AA10123456784 true",
      "/api/track/v1/details/1Z999AA10123456785 true",
    ]);
    expect(asked[0]?.headers).to.deep.include({ transactionSrc: "milepost" });
    expect(messages.map(({ attributes }) => attributes["about"])).to.deep.equal([
      "1Z999AA10123456785",
    ]);
    expect(warnings).to.deep.equal(["the carrier does not know 1Z999AA10123456784 (404)"]);
    expect(cursor).to.equal("{}");
  });

  it("asks DPD with markers for its token, and goes on behind a fault about one number", async () => {
    const { asked, messages, warnings } = await round("dpd", numbers("05<1", "052"), ({ body }) =>
      String(body).includes("052")
        ? { body: sampleOf("dpd", "delivered.xml") }
        : { status: 500, body: sampleOf("dpd", "token_expired.xml") },
    );
    const last = String(asked.at(-1)?.body);
    expect(last).to.include("<authToken>{{token}}</authToken>");
    expect(last).to.include("<parcelLabelNumber>05&lt;1</parcelLabelNumber>");
    expect(asked[0]?.headers).to.include({ "content-type": "text/xml; charset=utf-8" });
    expect(messages.map(({ attributes }) => attributes["about"])).to.deep.equal(["052"]);
    expect(warnings).to.deep.equal(["the carrier does not know 05<1 (500)"]);
  });

  it("asks nobody while Odoo was not heard, or wants to hear of nothing", async () => {
    for (const none of [undefined, []]) {
      const { asked, messages } = await round("ups", none, () => ({ body: Buffer.from("{}") }));
      expect([asked, messages]).to.deep.equal([[], []]);
    }
  });

  it("asks for several at once, then for the proof of what is delivered", async () => {
    const { asked, messages } = await round(
      "fedex",
      numbers("776094337676", "776094337677", "39936862321"),
      ({ path }) => ({
        body: sampleOf(
          "fedex",
          path.endsWith("documents") ? "signature_proof.json" : "three_numbers.json",
        ),
      }),
    );
    const bodies = asked.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
    expect(bodies[0]?.["trackingInfo"]).to.deep.equal(
      ["39936862321", "776094337676", "776094337677"].map((trackingNumber) => ({
        trackingNumberInfo: { trackingNumber },
      })),
    );
    expect(bodies).to.have.length(2);
    expect(bodies[1]?.["trackDocumentSpecification"]).to.deep.equal([
      {
        trackingNumberInfo: {
          trackingNumber: "776094337676",
          trackingNumberUniqueId: "2~776094337676~FX",
          carrierCode: "FDXE",
        },
      },
    ]);
    expect(messages.map(({ attributes }) => attributes)).to.deep.equal([
      { asked: "state", about: "39936862321 776094337676 776094337677" },
      {
        asked: "proof",
        about: "776094337676",
        delivered: "2026-11-23T09:26:00-08:00",
        signer: "D.HERRERA",
      },
    ]);
  });

  it("keeps the states when the proof of one is refused, and says so", async () => {
    const { messages, warnings, cursor } = await round(
      "fedex",
      numbers("776094337676", "776094337677"),
      ({ path }) => {
        if (path.endsWith("documents")) throw fault("answered 500", "peer_failed", "later");
        return { body: sampleOf("fedex", "three_numbers.json") };
      },
    );
    expect(messages.map(({ attributes }) => attributes["asked"])).to.deep.equal(["state"]);
    expect(warnings).to.deep.equal(["the proof of 776094337676: answered 500"]);
    expect(cursor).to.equal("{}");
  });

  it("asks one by one when a request for several is refused", async () => {
    const { asked, warnings } = await round("gls", numbers("1", "2/3"), ({ path }) => {
      if (path.includes("2/3")) throw fault("refused", "peer_refused", "never");
      return { body: Buffer.from('{"parcels":[]}') };
    });
    const paths = asked.map(({ path }) => path.split("/trackids/")[1]);
    expect(paths).to.deep.equal(["1,2/3", "1", "2/3"]);
    expect(warnings).to.deep.equal(["2/3: refused"]);
  });

  it("knows an answer that says the same again, whatever its own number", async () => {
    const same = async (id: string) => {
      const body = Buffer.from(
        String(sampleOf("fedex", "three_numbers.json")).replace("5a6f6d0e-1", id),
      );
      const { messages } = await round("fedex", numbers("776094337677"), ({ path }) =>
        path.endsWith("documents") ? { status: 404, body: Buffer.from("{}") } : { body },
      );
      return messages.map(({ identity, said }) => `${identity} ${said}`);
    };
    const [first] = await same("a");
    expect(await same("b")).to.deep.equal([first]);
  });
});
