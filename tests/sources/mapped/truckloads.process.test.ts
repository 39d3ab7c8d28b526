import { expect } from "chai";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import type { Page, PeerRequest } from "../../../bridge/sources/source.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { sampleOf, shippedPartner } from "./mapped_kit.ts";

/** Facts as lines. */
function told({ facts }: Reading): string[] {
  return facts.map(({ fact }) => {
    if (fact.kind === "milestone")
      return `${fact.code ?? fact.conditions?.join() ?? `?${fact.raw_code}`} ${fact.occurred.at}`;
    if (fact.kind === "proof_of_delivery")
      return `proof ${fact.delivered?.at} ${fact.signer} ${fact.signed}`;
    return fact.kind;
  });
}

/** Polls one number with one answer after the other; a path's answer may be given beside. */
async function polls(
  name: string,
  number: string,
  answers: readonly string[],
  beside: Readonly<Record<string, string>> = {},
) {
  let cursor: string | null = null;
  const asked: string[] = [];
  const rounds: Reading[][] = [];
  for (const [hour, file] of answers.entries()) {
    const request = ({ path }: PeerRequest) => {
      asked.push(path);
      const body = sampleOf(name, beside[path] ?? file);
      return Promise.resolve({
        status: 200,
        body,
        headers: { "content-type": "application/json" },
      });
    };
    const now = new Date(Date.UTC(2026, 10, 25, hour));
    const signal = AbortSignal.timeout(30_000);
    const numbers = [{ number, carrier: "" }];
    const page: Page = await mappedSource.fetchPage!(
      { request },
      cursor,
      shippedPartner(name),
      signal,
      now,
      numbers,
    );
    cursor = page.cursor;
    const readings: Reading[] = [];
    for (const { body, contentType, attributes = {} } of page.messages) {
      const message = { body, contentType, attributes, receivedAt: now };
      readings.push(await mappedSource.read(message, shippedPartner(name)));
    }
    rounds.push(readings);
  }
  return { rounds, asked };
}

describe("truckloads asked for by number, their states compared", function () {
  this.timeout(60_000);

  it("RXO: what a stop shows again is no news, what it shows no longer is withdrawn", async () => {
    const files = ["1_left.json", "1_left.json", "2_departure_taken_back.json", "3_delivered.json"];
    const { rounds, asked } = await polls("rxo_coyote", "19601171", files);
    expect(asked[0]).to.equal("/api/v1/Trackings/19601171/stopdetails");
    expect(rounds.map((it) => it.flatMap(told))).to.deep.equal([
      [
        "arrived_pickup 2026-11-23T14:00:00Z",
        "loaded 2026-11-23T15:20:00Z",
        "picked_up 2026-11-23T15:40:00Z",
      ],
      [],
      ["retraction"],
      [
        "picked_up 2026-11-23T16:10:00Z",
        "arrived_delivery 2026-11-24T13:00:00Z",
        "delivered 2026-11-24T14:05:00Z",
        "departed_delivery 2026-11-24T14:20:00Z",
      ],
    ]);
    const [first] = rounds[0]?.[0]?.facts ?? [];
    expect(first?.fact.identifiers).to.deep.equal([{ type: "tracking", value: "19601171" }]);
  });

  it("a number that is not asked for meanwhile is remembered", async () => {
    const partner = shippedPartner("rxo_coyote");
    const cursor = JSON.stringify({ snapshot: { L1: {} } });
    const request = () => Promise.reject(new Error("nobody is asked"));
    const signal = AbortSignal.timeout(30_000);
    const page = await mappedSource.fetchPage!({ request }, cursor, partner, signal, new Date(0));
    expect(page.cursor).to.equal(cursor);
  });

  it("Samsara: stops of a route, the forecast until there, and the driver's proof behind links", async () => {
    const { rounds, asked } = await polls(
      "samsara",
      "342341/SO-77",
      ["under_way.json", "left.json", "left.json"],
      { "/fleet/documents/d-1": "proof.json" },
    );
    expect(asked.slice(0, 3)).to.deep.equal([
      "/fleet/routes/342341",
      "/fleet/routes/342341",
      "/fleet/documents/d-1",
    ]);
    expect(rounds.slice(0, 2).map((it) => it.flatMap(told))).to.deep.equal([
      ["picked_up 2026-11-23T14:02:00Z", "eta_updated 2026-11-23T16:30:00Z"],
      [
        "arrived_delivery 2026-11-23T16:41:00Z",
        "departed_delivery 2026-11-23T17:05:00Z",
        "retraction",
        "proof 2026-11-23T16:58:00Z A. Ross true",
        "delivered 2026-11-23T16:58:00Z",
      ],
    ]);
    // The states are no news any more; the proof comes as it came, and is the same message.
    expect(rounds[2]?.flatMap(told)).to.deep.equal([
      "proof 2026-11-23T16:58:00Z A. Ross true",
      "delivered 2026-11-23T16:58:00Z",
    ]);
    const links = rounds[1]?.[1]?.links ?? [];
    expect(links.map(({ url, name }) => `${name} ${url.slice(-2)}`)).to.deep.equal([
      "Signature s1",
      "Photos p1",
      "Photos p2",
    ]);
  });

  it("Samsara: a skipped stop is a delay; without a stop all of the route are told", async () => {
    const { rounds } = await polls("samsara", "342341", ["skipped.json"]);
    expect(rounds[0]?.flatMap(told)).to.deep.equal([
      "picked_up 2026-11-23T14:02:00Z",
      "delayed 2026-11-23T16:41:00Z",
      "eta_updated 2026-11-23T19:00:00Z",
    ]);
  });
});
