import { expect } from "chai";
import { createMetrics } from "../../bridge/metrics.ts";
import { FilePeer } from "../../bridge/peer/file_peer.ts";
import type { Files } from "../../bridge/peer/files.ts";

describe("a partner that takes files", () => {
  const signal = new AbortController().signal;
  let written: string[];
  const files = {
    write: (path: string) => Promise.resolve(void written.push(path)),
  } as unknown as Files;
  const peer = new FilePeer("acme", files, "/out", createMetrics());
  beforeEach(() => (written = []));

  it("gets what is sent under its name", async () => {
    await peer.request({ method: "POST", path: "/orders", file: "order-1.xml", body: "x" }, signal);
    expect(written).to.deep.equal(["/out/order-1.xml"]);
  });

  it("is asked nothing: no question lies in his folder as if it were an order", async () => {
    expect(peer.isSilent).to.equal(true);
    const question = { method: "GET" as const, path: "/orders/1", file: "find-1.json" };
    const error: unknown = await peer.request(question, signal).catch((fault: unknown) => fault);
    expect(error).to.have.property("code", "peer_refused");
    expect(written).to.deep.equal([]);
  });
});
