import { expect } from "chai";
import { statSync } from "node:fs";
import { join } from "node:path";
import { request as httpRequest } from "node:http";
import { adminApp } from "../../bridge/admin/admin_app.ts";
import { listen } from "../../bridge/http_listener.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge, type TestBridgeParts } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

describe("the admin port", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  const start = async (more: Partial<TestBridgeParts> = {}) => {
    bridge = await TestBridge.start({ ...more, odooUrl: more.odooUrl ?? odoo.url });
  };
  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge.stop();
    await odoo.stop();
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    askAdmin(bridge.admin + path, { headers });

  it("is alive and ready, also while Odoo is down", async () => {
    const odooUrl = odoo.url;
    await odoo.stop();
    await start({ odooUrl });
    expect((await get("/livez")).status).to.equal(200);
    expect((await get("/readyz")).status).to.equal(200);
    odoo = await new FakeOdoo().start();
  });

  it("is not ready while the disk is nearly full, and says why", async () => {
    await start({ options: { freeBytes: () => Promise.resolve(1) } });
    const response = await get("/readyz");
    expect(response.status).to.equal(503);
    expect(await response.json()).to.deep.include({
      code: "not_ready",
      detail: "the disk of data_dir is nearly full",
    });
  });

  it("shows the metrics that operators watch", async () => {
    await start();
    await bridge.post(tinyMessage(3));
    await waitUntil("in Odoo", () => odoo.facts.size === 3);
    const metrics = async () => (await get("/metrics")).text();
    await waitUntil("settled", async () =>
      (await metrics()).includes('facts_total{connection="acme",status="accepted"} 3'),
    );
    const text = await metrics();
    for (const name of [
      "inbox_messages_total",
      "facts_total",
      "queue_depth",
      "queue_oldest_age_seconds",
      "stage_duration_seconds",
      "end_to_end_seconds",
      "http_client_duration_seconds",
      "retries_total",
      "dead_letters_total",
      "breaker_open",
      "paused",
      "store_commit_seconds",
      "disk_free_bytes",
      "build_info",
    ])
      expect(text).to.include(`# TYPE milepost_${name} `);
    expect(text).to.include('milepost_end_to_end_seconds_count{priority="eta"} 3');
  });

  it("describes exactly the routes that there are", async () => {
    await start();
    const document = (await (await get("/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    for (const [path, operations] of Object.entries(document.paths)) {
      const base = path.startsWith("/webhooks") ? bridge.intake : bridge.admin;
      for (const method of Object.keys(operations).filter((it) => it === "get" || it === "post")) {
        const url = base + path.replace("{connection}", "acme").replace("{id}", "1");
        const response = await askAdmin(url, { method });
        const { code } = response.headers.get("content-type")?.includes("problem")
          ? ((await response.json()) as { code: string })
          : { code: "" };
        if (path !== "/dead-letters/{id}")
          expect(code, `${method} ${path}`).not.to.equal("not_found");
        const responses = (operations[method] as { responses: Record<string, unknown> }).responses;
        expect(Object.keys(responses), `${method} ${path}`).to.include(String(response.status));
      }
    }
  });

  it("asks for its token on everything but the health checks", async () => {
    await start({ admin: { token: "t0ken" } });
    for (const path of ["/metrics", "/status", "/dead-letters", "/openapi.json"]) {
      expect((await fetch(bridge.admin + path)).status, path).to.equal(401);
      expect((await get(path, { authorization: "Bearer wrong" })).status, path).to.equal(401);
      expect((await get(path, { authorization: "Bearer t0ken" })).status, path).to.equal(200);
    }
    expect((await fetch(`${bridge.admin}/livez`)).status).to.equal(200);
  });

  it("lets the token that reads look, and nothing else", async () => {
    await start({ admin: { token: "t0ken", read_token: "looks" } });
    const { paths } = (await (
      await get("/openapi.json", { authorization: "Bearer looks" })
    ).json()) as { paths: Record<string, object> };
    const asked = Object.entries(paths).filter(([path]) => !path.startsWith("/webhooks"));
    for (const [path, operations] of asked) {
      for (const method of Object.keys(operations).filter((it) => it === "get" || it === "post")) {
        const url = bridge.admin + path.replace("{id}", "1");
        const isHealth = path === "/livez" || path === "/readyz";
        for (const [token, looks] of [
          ["", false],
          ["look", false],
          ["looks", true],
        ] as const) {
          const headers = { authorization: `Bearer ${token}` };
          const { status } = await askAdmin(url, { method: method.toUpperCase(), headers });
          const what = `${method} ${path} with "${token}"`;
          if (isHealth || (looks && method === "get")) {
            expect(status, what).to.be.oneOf([200, 404]);
          } else expect(status, what).to.equal(looks ? 403 : 401);
        }
      }
    }
  });

  it("opens nothing but the health checks on a port without a token, and all on its socket", async () => {
    await start({ admin: { token: undefined } });
    for (const path of ["/metrics", "/status", "/dead-letters"]) {
      expect((await get(path)).status, path).to.equal(401);
    }
    const answer = await get("/status");
    expect(await answer.text()).to.include("admin.token");
    expect((await get("/readyz")).status).to.equal(200);
    const socketPath = join(bridge.dataDir, "admin.sock");
    expect(statSync(socketPath).mode & 0o777).to.equal(0o660);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ socketPath, path: "/status" }, (it) => resolve(it.statusCode));
      request.on("error", reject);
      request.end();
    });
    expect(status).to.equal(200);
  });

  it("answers under its own names only, so that no page reads it by a name of its own", async () => {
    await start({ admin: { hosts: ["bridge.example"] } });
    const under = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { headers: { host, authorization: "Bearer admin-token-canary" } };
        const request = httpRequest(`${bridge.admin}/status`, options, (it) =>
          resolve(it.statusCode),
        );
        request.on("error", reject);
        request.end();
      });
    for (const host of ["localhost:8481", "127.0.0.1", "[::1]:8481", "bridge.example"]) {
      expect(await under(host), host).to.equal(200);
    }
    for (const host of ["evil.example", "127.0.0.1.evil.example:8481"]) {
      expect(await under(host), host).to.equal(421);
    }
  });

  it("puts everything back only when asked for all in so many words", async () => {
    await start();
    for (const path of ["/dead-letters/replay", "/quarantine/release"]) {
      const post = (body: string) =>
        askAdmin(bridge.admin + path, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
      expect((await post("{}")).status, path).to.equal(400);
      expect((await post('{"all":true}')).status, path).to.equal(200);
      expect((await post('{"connection":"acme"}')).status, path).to.equal(200);
    }
  });

  it("takes no command from a web page", async () => {
    await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { origin: "https://evil.example", "content-type": "application/json" };
      const request = httpRequest(
        `${bridge.admin}/dead-letters/replay`,
        { method: "POST", headers },
        (it) => resolve(it.statusCode),
      );
      request.on("error", reject);
      request.end("{}");
    });
    expect(status).to.equal(403);
  });

  it("refuses filters that it does not know", async () => {
    await start();
    const replay = (body: string) =>
      askAdmin(`${bridge.admin}/dead-letters/replay`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
    expect((await replay('{"conection":"acme"}')).status).to.equal(400);
    expect((await replay("{")).status).to.equal(400);
    expect((await get("/dead-letters?limit=none")).status).to.equal(400);
    expect((await get("/dead-letters/99")).status).to.equal(404);
  });
});

describe("the door for webhooks", () => {
  it("is not ready before webhooks can be taken", async () => {
    const parts = {
      store: {},
      access: { by: "socket" },
      starting: () => true,
      draining: () => false,
    };
    const app = adminApp(parts as unknown as Parameters<typeof adminApp>[0]);
    const listener = await listen(app, { host: "127.0.0.1", port: 0, requestSeconds: 5 });
    const response = await fetch(`${listener.url}/readyz`);
    expect(response.status).to.equal(503);
    expect(await response.json()).to.deep.include({ code: "not_ready", detail: "starting" });
    await listener.close(0);
  });
});

describe("the start of the bridge", () => {
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "started",
      (it: { code: string }) => it.code,
    );

  it("refuses a data directory in use, one of another environment, and a taken port", async () => {
    const odoo = await new FakeOdoo().start();
    const first = await TestBridge.start({ odooUrl: odoo.url });
    const { dataDir } = first;
    const port = Number(new URL(first.intake).port);
    const start = (more: Partial<TestBridgeParts>) =>
      codeOf(TestBridge.start({ odooUrl: odoo.url, ...more }));
    expect(await start({ dataDir })).to.equal("store_locked");
    expect(await start({ intake: { port } })).to.equal("listen_failed");
    await first.stop(true);
    expect(await start({ dataDir, environment: "production" })).to.equal("environment_mismatch");
    const again = await TestBridge.start({ odooUrl: odoo.url, dataDir });
    await again.stop();
    await odoo.stop();
  });
});
