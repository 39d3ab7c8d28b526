/* Over 300 lines: one door, a title per answer that it gives. */
import { expect } from "chai";
import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, HOOK_SECRET, TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

interface Problem {
  code: string;
  status: number;
  path?: string;
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).to.include("application/problem+json");
  return (await response.json()) as Problem;
}

describe("the webhook door", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  let free = Infinity;

  before(async () => {
    odoo = await new FakeOdoo().start();
  });
  beforeEach(async () => {
    free = Infinity;
    const intake = { body_bytes: 10_000, request_seconds: 2 };
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      intake,
      options: { freeBytes: async () => free },
    });
  });
  afterEach(() => bridge.stop());
  after(() => odoo.stop());

  const url = () => `${bridge.intake}/webhooks/acme`;

  it("answers 202 after the commit, and 202 again to the same message", async () => {
    const message = tinyMessage();
    const first = await bridge.post(message);
    const { id, duplicate } = (await first.json()) as { id: string; duplicate: boolean };
    expect([first.status, duplicate]).to.deep.equal([202, false]);
    const second = await bridge.post(message);
    expect(second.status).to.equal(202);
    expect(await second.json()).to.deep.equal({ id, duplicate: true });
  });

  const refusals: Array<[string, () => Promise<Response>, number, string]> = [
    [
      "an unknown webhook",
      () => fetch(`${bridge.intake}/webhooks/nobody`, { method: "POST" }),
      404,
      "webhook_unknown",
    ],
    [
      "a missing signature",
      () =>
        fetch(url(), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}",
        }),
      401,
      "webhook_signature",
    ],
    [
      "a wrong signature",
      () => bridge.post(tinyMessage(), { "x-signature": "00" }),
      401,
      "webhook_signature",
    ],
    [
      "a signature of another body",
      () => bridge.post(tinyMessage(), { "x-signature": "a".repeat(64) }),
      401,
      "webhook_signature",
    ],
    [
      "another content type",
      () => bridge.post(tinyMessage(), { "content-type": "text/xml" }),
      415,
      "webhook_media_type",
    ],
    [
      "a compressed body",
      () => bridge.post(gzipSync("{}").toString("latin1"), { "content-encoding": "gzip" }),
      415,
      "webhook_media_type",
    ],
    [
      "a body that is too large",
      () => bridge.post(tinyMessage(1, { filler: "x".repeat(20_000) })),
      413,
      "webhook_too_large",
    ],
    [
      "a body that is too deep",
      () => bridge.post(`{"trip":"a","events":${"[".repeat(65)}${"]".repeat(65)}}`),
      400,
      "json_too_deep",
    ],
    [
      "a forbidden key",
      () => bridge.post('{"trip":"a","events":[],"filler":{"__proto__":{"admin":true}}}'),
      400,
      "json_forbidden_key",
    ],
    ["a GET", () => fetch(url()), 405, "method_not_allowed"],
    ["another path", () => fetch(`${bridge.intake}/admin`), 404, "not_found"],
    [
      "a path that climbs",
      () => fetch(`${bridge.intake}/webhooks/..%2f..%2fetc%2fpasswd`, { method: "POST" }),
      404,
      "webhook_unknown",
    ],
  ];
  for (const [what, send, status, code] of refusals) {
    it(`refuses ${what} with ${status} and the code ${code}`, async () => {
      const response = await send();
      expect(response.status).to.equal(status);
      expect((await problemOf(response)).code).to.equal(code);
      expect((await bridge.post(tinyMessage())).status).to.equal(202);
    });
  }

  it("keeps what is authentic and cannot be read, and says what is wrong with it", async () => {
    const wrong = [
      ['{"trip":', { code: "tiny_syntax" }],
      ["", { code: "tiny_syntax" }],
      ["\u0000\u0001", { code: "tiny_syntax" }],
      [
        { trip: "a", events: [{ code: 3, at: "x" }] },
        { code: "tiny_schema", path: "/events/0/code" },
      ],
    ] as const;
    for (const [body, problem] of wrong) {
      const response = await bridge.post(body);
      expect(response.status).to.equal(202);
      const answer = (await response.json()) as { id: string; problem: object };
      expect(answer.problem).to.include(problem);
      await waitUntil("its dead letter", async () =>
        (await (await askAdmin(`${bridge.admin}/dead-letters`)).text()).includes(answer.id),
      );
    }
  });

  it("logs every refusal with its reason", async () => {
    await bridge.post(tinyMessage(), { "content-type": "text/xml" });
    await bridge.post(`{"trip":"a","events":${"[".repeat(65)}${"]".repeat(65)}}`);
    await fetch(`${bridge.intake}/webhooks/nobody`, { method: "POST" });
    const refused = bridge.log
      .join("")
      .split("\n")
      .filter((it) => it.includes("webhook refused"));
    expect(refused).to.have.length(3);
    for (const code of ["webhook_media_type", "json_too_deep", "webhook_unknown"]) {
      const line = JSON.parse(refused.find((it) => it.includes(code)) ?? "{}") as {
        reason?: string;
      };
      expect(line.reason, code).to.be.a("string").and.not.equal("");
    }
  });

  it("lets both keys in while a sender changes over, without one refusal", async () => {
    await bridge.stop();
    const keys = [{ secret: HOOK_SECRET }, { secret: "the next one" }];
    const verifier = { scheme: "hmac", header: "x-signature", keys };
    bridge = await TestBridge.start({ odooUrl: odoo.url, connection: { webhook: { verifier } } });
    const post = (key: string) => {
      const body = JSON.stringify(tinyMessage());
      const signature = createHmac("sha256", key).update(body).digest("hex");
      return bridge.post(body, { "x-signature": signature });
    };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => post(keys[Math.floor(n / 10) % 2]?.secret ?? "")),
    );
    expect(new Set(answers.map((it) => it.status))).to.deep.equal(new Set([202]));
    expect((await post("an older one")).status).to.equal(401);
  });

  it("refuses a doubled signature header", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(url(), { method: "POST" }, (response) =>
        resolve(response.statusCode),
      );
      request.on("error", reject);
      request.setHeader("content-type", "application/json");
      request.setHeader("x-signature", ["00", "11"]);
      request.end("{}");
    });
    expect(status).to.equal(401);
  });

  it("cuts a body without length that goes on and on", async () => {
    const outcome = await new Promise<string>((resolve) => {
      const request = httpRequest(url(), {
        method: "POST",
        headers: { "content-type": "application/json" },
      });
      const chunk = Buffer.alloc(8192, 0x20);
      let over = false;
      const end = (how: string) => {
        over = true;
        request.destroy();
        resolve(how);
      };
      const more = () => over || request.write(chunk, () => setImmediate(more));
      request.on("response", (response) => end(String(response.statusCode)));
      request.on("error", () => end("cut"));
      more();
    });
    expect(outcome).to.be.oneOf(["413", "cut"]);
    expect((await bridge.post(tinyMessage())).status).to.equal(202);
  });

  it("cuts a request that never becomes complete", async () => {
    const outcome = await new Promise<string>((resolve) => {
      const headers = { "content-type": "application/json", "content-length": "100" };
      const request = httpRequest(url(), { method: "POST", headers });
      request.on("response", (response) => resolve(String(response.statusCode)));
      request.on("error", () => resolve("cut"));
      request.write("{");
    });
    expect(outcome).to.be.oneOf(["408", "400", "cut"]);
    expect((await bridge.post(tinyMessage())).status).to.equal(202);
  });

  it("answers 503 with Retry-After while the disk is nearly full, and takes again afterwards", async () => {
    free = 0;
    await askAdmin(`${bridge.admin}/metrics`);
    const response = await bridge.post(tinyMessage());
    expect(response.status).to.equal(503);
    expect(Number(response.headers.get("retry-after"))).to.be.greaterThan(0);
    free = Infinity;
    await askAdmin(`${bridge.admin}/metrics`);
    expect((await bridge.post(tinyMessage())).status).to.equal(202);
  });

  it("keeps an unreadable message as a dead letter with its cause, and goes on", async () => {
    expect((await bridge.post({ trip: "crash", events: [] })).status).to.equal(202);
    const letters = async () =>
      (await (await askAdmin(`${bridge.admin}/dead-letters`)).json()) as Array<{
        problem: { code: string };
      }>;
    await waitUntil("a dead letter", async () => (await letters()).length === 1);
    expect((await letters())[0]?.problem.code).to.equal("source_failed");
    await bridge.post(tinyMessage(1, { trip: "after" }));
    await waitUntil("the next in Odoo", () =>
      odoo.batches.some((it) => JSON.stringify(it).includes("after")),
    );
  });

  it("keeps a fact that the contract does not allow out of Odoo, and delivers the others", async () => {
    const good = { code: "GOOD", at: "2026-11-23T08:00:00Z" };
    const bad = { code: "BAD", at: "yesterday" };
    await bridge.post({ trip: "mixed", events: [good, bad] });
    await waitUntil("the good one in Odoo", () =>
      odoo.batches.some((it) => JSON.stringify(it).includes("GOOD")),
    );
    const metrics = await (await askAdmin(`${bridge.admin}/metrics`)).text();
    expect(metrics).to.match(/^milepost_findings_total\{[^}]*severity="error"\} 1$/m);
    expect(JSON.stringify(odoo.batches)).not.to.include("BAD");
  });

  it("writes no secret and no payload into the log", async () => {
    await bridge.post(tinyMessage(1, { filler: "payload-canary" }));
    await bridge.post(tinyMessage(), { "x-signature": "signature-canary" });
    const log = bridge.log.join("");
    expect(log)
      .to.include("webhook refused")
      .and.not.include("canary")
      .and.not.include(HOOK_SECRET);
  });

  it("stores a burst with few commits", async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => bridge.post(tinyMessage())),
    );
    expect(new Set(answers.map((it) => it.status))).to.deep.equal(new Set([202]));
    const metrics = await (await askAdmin(`${bridge.admin}/metrics`)).text();
    expect(metrics).to.match(
      /milepost_inbox_messages_total\{connection="acme",channel="webhook",result="accepted"\} 300/,
    );
  });
});

describe("bodies that are still coming in", () => {
  it("take no slot, and are so many from one address", async () => {
    const odoo = await new FakeOdoo().start();
    const intake = { concurrent: 2, open_bodies: 30, request_seconds: 20 };
    const bridge = await TestBridge.start({ odooUrl: odoo.url, intake });
    const headers = { "content-type": "application/json", "content-length": "100" };
    const slow = () => {
      const request = httpRequest(`${bridge.intake}/webhooks/acme`, { method: "POST", headers });
      const status = new Promise<number | undefined>((resolve) => {
        request.on("response", (response) => resolve(response.statusCode));
        request.on("error", () => resolve(undefined));
      });
      request.write("{");
      return { request, status };
    };
    const open = Array.from({ length: 31 }, slow);
    expect(await Promise.race(open.map((it) => it.status))).to.equal(429);
    open.find((it) => !it.request.destroyed)?.request.destroy();
    await waitUntil("there is room", async () => (await bridge.post(tinyMessage())).status === 202);
    for (const { request } of open) request.destroy();
    await bridge.stop();
    await odoo.stop();
  });
});

describe("a sender that gives its messages an id", () => {
  it("repeats a message only with id and bytes together", async () => {
    const odoo = await new FakeOdoo().start();
    const verifier = { scheme: "hmac", header: "x-signature", keys: [{ secret: HOOK_SECRET }] };
    const webhook = { id_header: "x-id", verifier };
    const bridge = await TestBridge.start({ odooUrl: odoo.url, connection: { webhook } });
    const same = tinyMessage();
    const post = async (id: string, body = same) => {
      const answer = await (await bridge.post(body, { "x-id": id })).json();
      return (answer as { duplicate: boolean }).duplicate;
    };
    expect(await post("1")).to.equal(false);
    expect(await post("2", tinyMessage())).to.equal(false);
    // The first state again, meant so.
    expect(await post("3")).to.equal(false);
    expect(await post("3")).to.equal(true);
    // Another content under a known id must not be lost.
    expect(await post("3", tinyMessage())).to.equal(false);
    await bridge.stop();
    await odoo.stop();
  });
});

describe("the webhook door's rate limit", () => {
  it("answers 429 with Retry-After above the limit of the connection", async () => {
    const odoo = await new FakeOdoo().start();
    const webhook = {
      rate_per_minute: 3,
      verifier: { scheme: "hmac", header: "x-signature", keys: [{ secret: HOOK_SECRET }] },
    };
    const bridge = await TestBridge.start({ odooUrl: odoo.url, connection: { webhook } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) {
      const response = await bridge.post(tinyMessage());
      statuses.push(response.status);
      if (response.status === 429) expect(response.headers.get("retry-after")).not.to.equal(null);
    }
    expect(statuses).to.deep.equal([202, 202, 202, 429, 429]);
    await bridge.stop();
    await odoo.stop();
  });
});
