import { expect } from "chai";
import { MilepostError } from "../../bridge/errors.ts";
import { allowedUrl, pinnedAddress } from "../../bridge/proofs/link_rules.ts";
import { proofLinkId } from "../../bridge/store/proof_links.ts";

const HOSTS = ["files.acme.example", "*.cdn.example", "port.example:8443"];

const codeOf = (work: () => unknown): string => {
  try {
    return String(work());
  } catch (error) {
    return error instanceof MilepostError ? error.code : String(error);
  }
};

describe("where a link may lead", () => {
  it("to listed hosts by https, and with a star to those below them", () => {
    for (const url of [
      "https://files.acme.example/p?id=1",
      "https://a.b.cdn.example/p",
      "https://FILES.acme.example./p".replace("./", "/"),
      "https://port.example:8443/p",
      "https://files.acme.example:443/p",
    ]) {
      expect(codeOf(() => allowedUrl(url, HOSTS).protocol)).to.equal("https:");
    }
  });

  const refused: Array<[string, string]> = [
    ["http://files.acme.example/p", "link_invalid"],
    ["file:///etc/passwd", "link_invalid"],
    ["ftp://files.acme.example/p", "link_invalid"],
    ["data:application/pdf;base64,JVBERi0=", "link_invalid"],
    ["nothing", "link_invalid"],
    ["https://user:key@files.acme.example/p", "link_invalid"],
    ["https://files.acme.example@evil.example/p", "link_invalid"],
    ["https://127.0.0.1/p", "link_invalid"],
    ["https://2130706433/p", "link_invalid"],
    ["https://0x7f.1/p", "link_invalid"],
    ["https://[::1]/p", "link_invalid"],
    ["https://[::ffff:169.254.169.254]/p", "link_invalid"],
    ["https://evil.example/p", "link_host"],
    ["https://files.acme.example.evil.example/p", "link_host"],
    ["https://evilcdn.example/p", "link_host"],
    ["https://cdn.example/p", "link_host"],
    ["https://files.acme.example:8443/p", "link_host"],
    ["https://port.example/p", "link_host"],
    ["https://files.acme.example./p", "link_host"],
    ["https://localhost/p", "link_host"],
  ];
  for (const [url, code] of refused) {
    it(`not to ${url}`, () => expect(codeOf(() => allowedUrl(url, HOSTS))).to.equal(code));
  }

  it("not to a name with any address that is not public", async () => {
    const pinned = (...addresses: string[]) =>
      pinnedAddress("files.acme.example", () => Promise.resolve(addresses)).catch(
        (error: MilepostError) => error.code,
      );
    expect(await pinned("93.184.216.34", "1.1.1.1")).to.equal("93.184.216.34");
    expect(await pinned("93.184.216.34", "10.0.0.1")).to.equal("link_address");
    expect(await pinned("::ffff:127.0.0.1")).to.equal("link_address");
    expect(await pinned()).to.equal("link_unreachable");
  });

  it("is told apart by paper: a new signature is no new paper, another id is one", () => {
    const proof = { identifiers: [], applies_to: "one" as const, recorded_at: "" };
    const id = (url: string, more: object = {}) =>
      proofLinkId("acme", { url, lane: "T1", proof, ...more });
    const signed = (key: string) =>
      `https://f.example/p?id=1&X-Amz-Signature=${key}&Expires=${key}`;
    expect(id(signed("1"))).to.equal(id(signed("2")));
    expect(id("https://f.example/p?id=1")).not.to.equal(id("https://f.example/p?id=2"));
    expect(id("https://f.example/1", { id: "d1" })).to.equal(
      id("https://f.example/2", { id: "d1" }),
    );
    expect(id(signed("1"))).not.to.equal(id(signed("1"), { lane: "T2" }));
  });

  it("is told apart by what it proves, and by parameters that are no signature", () => {
    const at = (stop: string) => ({
      identifiers: [],
      applies_to: "one" as const,
      recorded_at: "",
      stop: { id: stop, kind: "delivery" as const },
    });
    const id = (url: string, stop = "s1") =>
      proofLinkId("acme", { url, id: undefined, lane: "T1", proof: at(stop) });
    expect(id("https://f.example/cmr")).not.to.equal(id("https://f.example/cmr", "s2"));
    expect(id("https://f.example/p?token=1")).not.to.equal(id("https://f.example/p?token=2"));
    expect(id("https://f.example/p?sp=1")).not.to.equal(id("https://f.example/p?sp=2"));
    const azure = (sig: string) => `https://f.example/p?sv=2022-11-02&sp=r&se=${sig}&sig=${sig}`;
    expect(id(azure("1"))).to.equal(id(azure("2")));
  });
});
