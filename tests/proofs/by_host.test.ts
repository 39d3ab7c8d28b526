import { expect } from "chai";
import { byHost } from "../../bridge/proofs/by_host.ts";
import type { ProofLinkRow } from "../../bridge/store/proof_links.ts";

describe("links of one round", () => {
  const rows = (...urls: string[]) =>
    urls.map((url, id) => ({ id: String(id), link: { url } }) as unknown as ProofLinkRow);

  it("are fetched a few at once, two of a host, each once, and a slow host holds up no other", async () => {
    const [slow, quick, third] = ["https://slow.example", "https://quick.example", "no url"];
    const all = rows(slow, slow, slow, quick, quick, quick, third);
    const open = new Map<string, () => void>();
    const [order, most]: [string[], Record<string, number>] = [[], {}];
    const done = byHost(all, ({ id, link: { url } }) => {
      order.push(id);
      const now = [...open.keys()].filter((it) => all[Number(it)]?.link.url === url).length + 1;
      most[url] = Math.max(most[url] ?? 0, now);
      most["all"] = Math.max(most["all"] ?? 0, open.size + 1);
      return new Promise((resolve) => open.set(id, resolve));
    });
    const end = async (...ids: string[]) => {
      for (const id of ids) {
        open.get(id)?.();
        open.delete(id);
        await new Promise(setImmediate);
      }
    };
    await end("6", "3", "4", "5");
    expect(order.toSorted()).to.deep.equal(["0", "1", "3", "4", "5", "6"]);
    await end("0", "1", "2");
    await done;
    expect(order.toSorted()).to.deep.equal(["0", "1", "2", "3", "4", "5", "6"]);
    expect(most).to.deep.equal({ [slow]: 2, [quick]: 2, [third]: 1, all: 4 });
  });
});
