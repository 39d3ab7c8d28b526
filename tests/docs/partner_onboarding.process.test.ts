import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const DOCUMENT = readFileSync(join(ROOT, "docs/partner_onboarding.md"), "utf8");

interface Block {
  kind: string;
  file: string | undefined;
  text: string;
}

const blocks: Block[] = [...DOCUMENT.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)].map(
  ([, kind = "", file, text = ""]) => ({ kind, file, text }),
);

/** A command with the lines that it is said to print. */
function commandsOf(text: string): Array<{ command: string; printed: string[] }> {
  const commands: Array<{ command: string; printed: string[] }> = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), printed: [] });
    else if (line.trim() !== "") commands.at(-1)?.printed.push(line);
  }
  return commands;
}

const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describe("the tutorial of onboarding a partner", function () {
  this.timeout(400_000);
  let odoo: FakeOdoo;
  let directory: string;
  let environment: NodeJS.ProcessEnv;
  const running: ChildProcess[] = [];

  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.connections = ["harborline", "crossfreight"];
    directory = temporaryDirectory();
    cpSync(join(ROOT, "tests/fixtures/mapped"), join(directory, "samples"), { recursive: true });
    const bin = join(directory, "bin");
    mkdirSync(bin);
    for (const [name, program] of [
      ["milepost", `"${process.execPath}" "${join(ROOT, "bridge/cli.ts")}" --config config.yaml`],
      ["node", `"${process.execPath}"`],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${program} "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const [intake, admin, partner] = [await freePort(), await freePort(), await freePort()];
    environment = {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      HARBORLINE_WEBHOOK_SECRET: "harbor-secret",
      CROSSFREIGHT_TOKEN: "cross-token",
      ODOO_API_KEY: "key-1",
      PARTNER_PORT: String(partner),
      MILEPOST_ODOO__URL: odoo.url,
      MILEPOST_INTAKE__PORT: String(intake),
      MILEPOST_ADMIN__PORT: String(admin),
      MILEPOST_CONNECTIONS__CROSSFREIGHT__PEER__BASE_URL: `http://127.0.0.1:${partner}`,
      MILEPOST_CONNECTIONS__CROSSFREIGHT__POLL__INTERVAL_SECONDS: "0.2",
      MILEPOST_CONNECTIONS__CROSSFREIGHT__POLL__MAX_INTERVAL_SECONDS: "0.2",
    };
  });
  after(async () => {
    for (const child of running) {
      if (child.exitCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    await odoo.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const shell = (command: string) =>
    new Promise<string>((resolve, reject) => {
      const child = spawn("sh", ["-c", command], { cwd: directory, env: environment });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.once("error", reject);
      child.once("exit", (code) =>
        code === 0 ? resolve(output) : reject(new Error(`${command}: exit ${code}\n${output}`)),
      );
    });

  /** `… &`: goes on until the end of the test; `milepost run` is awaited until it answers. */
  const background = async (command: string) => {
    const [name = "", ...args] = command.slice(0, -1).trim().split(" ");
    running.push(
      spawn(join(directory, "bin", name), args, {
        cwd: directory,
        env: environment,
        stdio: "ignore",
      }),
    );
    if (name !== "milepost") return;
    const url = `http://127.0.0.1:${environment["MILEPOST_ADMIN__PORT"]}/readyz`;
    await waitUntil(
      "the bridge",
      () =>
        fetch(url).then(
          (it) => it.ok,
          () => false,
        ),
      60_000,
    );
  };

  it("shows the files that are shipped", () => {
    for (const name of ["harborline", "crossfreight"]) {
      const shown = blocks.find((it) => it.file === `partners/${name}.yaml`);
      const shipped = readFileSync(join(ROOT, "deploy/partners", `${name}.yaml`), "utf8");
      expect(shown?.text).to.equal(shipped);
    }
  });

  it("does what it says, from a sample to facts in Odoo", async () => {
    expect(blocks.filter((it) => it.kind === "console")).to.have.length.greaterThan(5);
    for (const { kind, file, text } of blocks) {
      if (file !== undefined) {
        mkdirSync(dirname(join(directory, file)), { recursive: true });
        writeFileSync(join(directory, file), text);
      }
      if (kind !== "console") continue;
      for (const { command, printed } of commandsOf(text)) {
        if (command.endsWith("&")) {
          await background(command);
          continue;
        }
        const output = squeezed(await shell(command));
        for (const line of printed) expect(output, command).to.include(squeezed(line));
      }
      if (text.includes("milepost run &")) await expectFirstFacts();
    }
    await waitUntil(
      "the released message",
      () => told("harborline").includes("mapped:harborline@2 picked_up"),
      30_000,
    );
  });

  const told = (connection: string) => [
    ...new Set(
      odoo.batches
        .filter((batch) => batch.connection === connection)
        .flatMap((batch) =>
          batch.facts.map((fact) => {
            const mapping = batch.messages.find((it) => it.id === fact.message)?.mapping ?? "";
            return `${mapping} ${whatOf(fact)}`;
          }),
        ),
    ),
  ];

  async function expectFirstFacts(): Promise<void> {
    await waitUntil("harborline's facts", () => told("harborline").length === 2, 60_000);
    expect(told("harborline")).to.have.members([
      "mapped:harborline@1 picked_up",
      "mapped:harborline@1 withdraws te-1",
    ]);
    await waitUntil("crossfreight's facts", () => odooFacts("crossfreight").length === 7, 90_000);
    const departures = odooFacts("crossfreight").filter((it) => whatOf(it) === "picked_up");
    expect(departures).to.have.length(2);
    const withdrawn = odooFacts("crossfreight").flatMap((it) =>
      it.kind === "retraction" && "key" in it.target ? [it.target.key] : [],
    );
    const versions = departures.toSorted((a, b) =>
      (a.version ?? "") < (b.version ?? "") ? -1 : 1,
    );
    expect(withdrawn).to.deep.equal([versions[0]?.key]);
  }

  const odooFacts = (connection: string): Fact[] => [
    ...new Map(
      odoo.batches
        .filter((batch) => batch.connection === connection)
        .flatMap((batch) => batch.facts.map((fact) => [fact.key, fact] as const)),
    ).values(),
  ];
});

function whatOf(fact: Fact): string {
  if (fact.kind === "milestone") return fact.code ?? "unmapped";
  if (fact.kind !== "retraction") return fact.kind;
  return "source_event" in fact.target
    ? `withdraws ${fact.target.source_event}`
    : "withdraws a key";
}
