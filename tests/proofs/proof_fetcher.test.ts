import { expect } from "chai";
import type { Milestone, ProofOfDelivery } from "../../bridge/canonical/fact.ts";
import type { Clock } from "../../bridge/clock.ts";
import type { Connection } from "../../bridge/connection.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { Normalizer } from "../../bridge/normalize/normalizer.ts";
import type { LinkClient } from "../../bridge/proofs/link_client.ts";
import { ProofFetcher } from "../../bridge/proofs/proof_fetcher.ts";
import { readProofNotice } from "../../bridge/sources/shared/reading/proof_notice.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import { proofLinkId, type ProofLinks } from "../../bridge/store/proof_links.ts";
import type { ProofLink } from "../../bridge/canonical/proof_link.ts";
import { Wake } from "../../bridge/wake.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import type { OpenStore } from "../store/store_contract.ts";

const signal = new AbortController().signal;
const PDF = Buffer.from("%PDF-1.7 signed");
const fault = (code: string, retry: "never" | "later") =>
  new MilepostError("The link is answered 404", { code, retry });

describe("the fetcher of proofs", () => {
  let open: OpenStore;
  let now: number;
  let fetched: string[];
  let answers: Array<Error | Buffer>;
  const metrics = createMetrics();
  const log = createLogger("silent");
  const clock: Clock = {
    now: () => new Date(now),
    steady: () => now,
    sleep: () => Promise.resolve(),
  };
  const settings = otm5Source.settings.parse({});
  const connection = { code: "acme", source: otm5Source, settings } as unknown as Connection;

  beforeEach(async () => {
    open = await openSqlite();
    now = Date.parse("2026-11-23T08:00:00Z");
    [fetched, answers] = [[], []];
  });
  afterEach(() => open.dispose());

  const otherLink: ProofLink = {
    ...{ url: "https://files.acme.example/18", id: "18", lane: "18" },
    proof: { kind: "proof_of_delivery", identifiers: [{ type: "entity", value: "18" }] },
  } as unknown as ProofLink;
  const otherId = proofLinkId("acme", otherLink);
  const fetcher = (links: ProofLinks = open.store.proofLinks) => {
    const client = {
      fetch: (url: string) => {
        fetched.push(url);
        const answer = answers.shift() ?? PDF;
        if (answer instanceof Error) return Promise.reject(answer);
        return Promise.resolve({ bytes: answer, mediaType: "application/pdf" as const });
      },
    } as unknown as LinkClient;
    const disk = { full: false };
    const onAccepted = () => undefined;
    return new ProofFetcher({ connection, client, links, disk, onAccepted, clock, log, metrics });
  };
  const read = async () => {
    const { inbox, deadLetters, proofLinks } = open.store;
    const connections = new Map([["acme", connection]]);
    const onFacts = () => undefined;
    const parts = { inbox, deadLetters, proofLinks, connections, onFacts, clock, log, metrics };
    await new Normalizer({ ...parts, wake: new Wake() }).readSome();
  };
  /** A message of the partner that links to the proof of its consignment. */
  async function receive(uri: string, lastModified = "2026-11-23T07:00:00Z") {
    const document = {
      id: "d0c00000-0000-4000-8000-000000000001",
      entityType: "document",
      lastModified,
      documentType: "proof of delivery",
      name: "POD 17",
      content: { contentType: "externalDocument", uri },
    };
    await open.store.inbox.accept([
      {
        connection: "acme",
        channel: "webhook",
        contentType: "application/json",
        body: Buffer.from(JSON.stringify(document)),
        attributes: {},
        dedupeKey: uri + lastModified,
        receivedAt: now,
      },
    ]);
    await read();
  }
  /** The facts that fetching gave, in their order. */
  async function told() {
    const notices = await open.store.inbox.latest("acme", 20);
    return notices
      .filter(({ contentType }) => contentType.includes("milepost.proof"))
      .toReversed()
      .flatMap(({ body }) => readProofNotice(body).facts.map(({ fact }) => fact as unknown));
  }
  const states = async () =>
    (await open.store.proofLinks.open()).map(({ state, code }) => `${state} ${code ?? ""}`);

  it("fetches each paper once, which becomes a proof of the shipment that the message named", async () => {
    await receive("https://files.acme.example/17?X-Amz-Signature=1");
    await receive("https://files.acme.example/17?X-Amz-Signature=2", "2026-11-23T09:00:00Z");
    await fetcher().fetchDue(signal);
    await receive("https://files.acme.example/17?X-Amz-Signature=3", "2026-11-23T10:00:00Z");
    await fetcher().fetchDue(signal);
    expect(fetched).to.deep.equal(["https://files.acme.example/17?X-Amz-Signature=2"]);
    const [proof, ...more] = (await told()) as ProofOfDelivery[];
    expect(more).to.deep.equal([]);
    expect(proof?.identifiers).to.deep.equal([
      { type: "entity", value: "d0c00000-0000-4000-8000-000000000001" },
    ]);
    expect(proof?.documents?.[0]).to.include({ name: "POD 17", size: PDF.length });
    // Withdrawn with the document that named it.
    expect(proof?.source_event).to.match(
      /^d0c00000-0000-4000-8000-000000000001\/pod\|paper\/[0-9a-f]{32}$/,
    );
    await read();
    const [notice] = await open.store.inbox.find(
      { connection: "acme", kind: "proof_of_delivery" },
      5,
    );
    expect(notice).to.include({ channel: "poll", state: "read", mapping: "proof_link@1" });
  });

  it("says why one is not here, once for each cause, and that it is here in the end", async () => {
    answers = [
      fault("link_failed", "later"),
      fault("link_failed", "later"),
      fault("link_timeout", "later"),
      PDF,
    ];
    await receive("https://files.acme.example/17");
    for (let tried = 0; tried < 6; tried += 1) {
      await fetcher().fetchDue(signal);
      now += 3_600_000;
    }
    expect(fetched).to.have.length(4);
    const facts = (await told()) as Milestone[];
    expect(facts.map((it) => it.raw_code ?? it.kind)).to.deep.equal([
      "proof_link/link_failed", "proof_link/link_timeout", "proof_of_delivery", "proof_link/fetched",
    ]); // prettier-ignore
    expect(facts[0]).to.deep.include({
      conditions: ["pod_available"],
      raw_text: "The link is answered 404",
    });
    expect(new Set([0, 1, 3].map((it) => facts[it]?.source_event)).size).to.equal(1);
  });

  it("waits as its schedule says, over a restart, and gives up after it", async () => {
    answers = Array.from({ length: 20 }, () => fault("link_failed", "later"));
    await receive("https://files.acme.example/17");
    await fetcher().fetchDue(signal);
    await fetcher().fetchDue(signal);
    expect(fetched).to.have.length(1);
    open = await open.crash();
    for (let hours = 0; hours < 30; hours += 1) {
      now += 3_600_000;
      await fetcher().fetchDue(signal);
    }
    expect(await states()).to.deep.equal(["refused link_failed"]);
    expect(fetched).to.have.length(9);
    expect(((await told()) as Milestone[]).map((it) => it.raw_code)).to.deep.equal([
      "proof_link/link_failed", "proof_link/link_failed",
    ]); // prettier-ignore
  });

  it("rests longer each time when the outcome cannot be kept, and fetches the others", async () => {
    await receive("https://files.acme.example/17");
    const [message] = await open.store.inbox.latest("acme", 1);
    await open.store.proofLinks.add("acme", message!.id, [otherLink], now);
    const { proofLinks } = open.store;
    let isBroken = true;
    const settle: typeof proofLinks.settle = (id, ...what) =>
      isBroken && id !== otherId ? Promise.reject(new Error("no room")) : settleReally(id, ...what);
    const settleReally = proofLinks.settle.bind(proofLinks);
    const same = fetcher({ ...proofLinks, settle });
    for (let seconds = 0; seconds < 60; seconds += 2) {
      await same.fetchDue(signal);
      now += 2000;
    }
    const of = (url: string) => fetched.filter((it) => it === url).length;
    expect(of(otherLink.url)).to.equal(1);
    // At once, after 5 s or a little more, and after 30 s or a little more.
    expect(of("https://files.acme.example/17")).to.equal(3);
    isBroken = false;
    now += 3_600_000;
    await same.fetchDue(signal);
    expect(await states()).to.deep.equal([]);
  });

  it("tries a new link to the same paper at once, and after a change of the hosts what was refused for its host", async () => {
    answers = [fault("link_refused", "never"), fault("link_host", "never"), PDF];
    await receive("https://files.acme.example/old");
    await fetcher().fetchDue(signal);
    await receive("https://elsewhere.example/new", "2026-11-23T09:00:00Z");
    await fetcher().fetchDue(signal);
    expect(await states()).to.deep.equal(["refused link_host"]);
    await fetcher().reopen();
    await fetcher().fetchDue(signal);
    expect(await states()).to.deep.equal([]);
    expect(fetched).to.have.length(3);
  });

  it("keeps links sealed: who has one may be let in by it", async () => {
    await receive("https://files.acme.example/17?sig=s3cret");
    const [row] = await open.store.proofLinks.open("acme");
    expect(row?.link.url).to.include("s3cret");
    const said = (await open.store.inbox.latest("acme", 1))[0];
    expect(JSON.stringify(await open.store.facts.ofMessage(said?.id ?? ""))).not.to.include(
      "s3cret",
    );
  });
});
