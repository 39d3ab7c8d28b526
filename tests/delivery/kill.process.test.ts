import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { postSigned, temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const script = new URL("../bridge_kit/bridge_process.ts", import.meta.url).pathname;

interface Running {
  child: ChildProcess;
  intake: string;
}

async function launch(tree: Record<string, unknown>): Promise<Running> {
  const child = spawn(
    process.execPath,
    [script, JSON.stringify({ ...tree, log_level: "silent" })],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return { child, intake: (JSON.parse(line) as { intake: string }).intake };
}

async function end({ child }: Running, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  const [code] = (await exit) as [number | null];
  return code;
}

describe("a bridge that is killed", function () {
  this.timeout(60_000);
  let odoo: FakeOdoo;
  let dataDir: string;

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    dataDir = temporaryDirectory();
  });
  afterEach(async () => {
    await odoo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("loses nothing that it acknowledged, over and over, in the middle of everything", async () => {
    const tree = testTree({ odooUrl: odoo.url, dataDir });
    odoo.intercept = async ({ method }) => {
      if (method === "ingest") await new Promise((resolve) => setTimeout(resolve, 20));
      return undefined;
    };
    const acknowledged = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const running = await launch(tree);
      const killed = new AbortController();
      const client = async () => {
        while (!killed.signal.aborted) {
          const message = tinyMessage(2);
          const status = await postSigned(running.intake, message).then(
            (it) => it.status,
            () => 0,
          );
          if (status === 202)
            for (const event of message.events) acknowledged.add((event as { code: string }).code);
        }
      };
      const clients = Array.from({ length: 8 }, client);
      const wanted = acknowledged.size + 40 + round * 35;
      await waitUntil("some were acknowledged", () => acknowledged.size >= wanted);
      await end(running, "SIGKILL");
      killed.abort();
      await Promise.all(clients);
    }
    const last = await launch(tree);
    const stored = () =>
      new Set(
        odoo.batches.flatMap((it) =>
          it.facts.map((fact) => (fact.kind === "milestone" ? fact.raw_code : "")),
        ),
      );
    await waitUntil(
      "all in Odoo",
      () => {
        const there = stored();
        return [...acknowledged].every((code) => there.has(code));
      },
      20_000,
    );
    expect(await end(last, "SIGTERM")).to.equal(0);
  });

  it("hands over at SIGTERM what is under way, and ends with 0", async () => {
    const running = await launch(testTree({ odooUrl: odoo.url, dataDir }));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let ingesting = false;
    odoo.intercept = async ({ method }) => {
      if (method !== "ingest") return undefined;
      ingesting = true;
      await held;
      return undefined;
    };
    await postSigned(running.intake, tinyMessage(3));
    await waitUntil("a batch is under way", () => ingesting);
    const ended = end(running, "SIGTERM");
    release();
    expect(await ended).to.equal(0);
    expect(odoo.facts.size).to.equal(3);
    const again = await launch(testTree({ odooUrl: odoo.url, dataDir }));
    await end(again, "SIGTERM");
    expect(Math.max(...odoo.facts.values())).to.equal(1);
  });
});
