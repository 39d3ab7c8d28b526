import { expect } from "chai";
import { MilepostError } from "../../../../bridge/errors.ts";
import { sources } from "../../../../bridge/sources/registry.ts";
import type { Peer, PeerRequest } from "../../../../bridge/sources/source.ts";

const { signal } = new AbortController();

describe("services that are told a tracking number", () => {
  async function told(id: string, carrier: string, status = 201, body = "{}") {
    const asked: PeerRequest[] = [];
    const peer: Peer = {
      request: (request) => {
        asked.push(request);
        return Promise.resolve({ status, headers: {}, body: Buffer.from(body) });
      },
    };
    const source = sources.get(id);
    if (source?.registerNumber === undefined) throw new Error(id);
    const settings = source.settings.parse({});
    expect(source.tracks?.(settings)).to.equal(true);
    await source.registerNumber(peer, { number: "1Z999", carrier }, settings, signal);
    const [request] = asked;
    return { path: request?.path, query: request?.query, body: String(request?.body ?? "") };
  }

  it("get it where and as they take it", async () => {
    expect(await told("easypost", "")).to.deep.include({
      path: "/v2/trackers",
      body: '{"tracker":{"tracking_code":"1Z999"}}',
    });
    expect(await told("easypost", "UPS")).to.deep.include({
      body: '{"tracker":{"tracking_code":"1Z999","carrier":"UPS"}}',
    });
    expect(await told("aftership", "ups")).to.deep.include({
      path: "/tracking/2025-07/trackings",
      body: '{"tracking_number":"1Z999","slug":"ups"}',
    });
    expect(await told("shippo", "ups")).to.deep.include({
      path: "/tracks/",
      body: "carrier=ups&tracking_number=1Z999",
    });
    expect(await told("shipengine", "ups", 204, "")).to.deep.include({
      path: "/v1/tracking/start",
      query: { carrier_code: "ups", tracking_number: "1Z999" },
    });
    expect(await told("karrio", "ups")).to.deep.include({
      path: "/v1/trackers",
      body: '{"tracking_number":"1Z999","carrier_name":"ups"}',
    });
  });

  it("may know it already, and may refuse it", async () => {
    const exists = '{"meta":{"code":4003,"message":"Tracking already exists."}}';
    await told("aftership", "", 400, exists);
    await told("karrio", "ups", 409);
    for (const refused of [() => told("aftership", "", 400), () => told("karrio", "ups", 400)]) {
      const error = await refused().then(
        () => undefined,
        (cause: unknown) => cause as MilepostError,
      );
      expect([error?.code, error?.retry]).to.deep.equal(["peer_refused", "never"]);
    }
  });

  it("that need the carrier's name say who gives it", async () => {
    for (const id of ["shippo", "shipengine", "karrio"]) {
      const error = await told(id, "").then(
        () => undefined,
        (cause: unknown) => cause as MilepostError,
      );
      expect([error?.code, error?.retry], id).to.deep.equal(["carrier_not_mapped", "never"]);
    }
  });
});
