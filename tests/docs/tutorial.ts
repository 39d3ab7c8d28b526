/** Runs a page of the documentation: writes its files, types its commands, looks at what they print. */
import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

export const ROOT = join(import.meta.dirname, "..", "..");

export interface Block {
  kind: string;
  file: string | undefined;
  text: string;
}

/** The blocks of a page, in their order. */
export function blocksOf(document: string): Block[] {
  return [...document.matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)].map(
    ([, kind = "", file, text = ""]) => ({ kind, file, text }),
  );
}

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

/** A port that nobody uses. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A working directory with the programs of the page, an Odoo, and what the page starts. */
export class Tutorial {
  readonly odoo: FakeOdoo;
  readonly directory: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #running: ChildProcess[] = [];

  private constructor(odoo: FakeOdoo, directory: string, environment: NodeJS.ProcessEnv) {
    this.odoo = odoo;
    this.directory = directory;
    this.#environment = environment;
  }

  /** `environment` is what the page's reader has set, beside Odoo and free ports. */
  static async open(
    connections: string[],
    environment: (partnerPort: number) => NodeJS.ProcessEnv,
  ): Promise<Tutorial> {
    const odoo = await new FakeOdoo().start();
    odoo.connections = connections;
    const directory = temporaryDirectory();
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
    return new Tutorial(odoo, directory, {
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      ODOO_API_KEY: "key-1",
      PARTNER_PORT: String(partner),
      MILEPOST_ODOO__URL: odoo.url,
      MILEPOST_INTAKE__PORT: String(intake),
      MILEPOST_ADMIN__PORT: String(admin),
      ...environment(partner),
    });
  }

  /** All blocks, one after the other; `started` is called when the bridge of the page runs. */
  async run(blocks: readonly Block[], started: () => Promise<void>): Promise<void> {
    for (const { kind, file, text } of blocks) {
      if (file !== undefined) {
        mkdirSync(dirname(join(this.directory, file)), { recursive: true });
        writeFileSync(join(this.directory, file), text);
      }
      if (kind !== "console") continue;
      for (const { command, printed } of commandsOf(text)) {
        if (command.endsWith("&")) {
          await this.#background(command);
          if (command.startsWith("milepost run")) await started();
          continue;
        }
        const output = squeezed(await this.#shell(command));
        for (const line of printed) expect(output, command).to.include(squeezed(line));
      }
    }
  }

  async close(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    await this.odoo.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #shell(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const where = { cwd: this.directory, env: this.#environment };
      const child = spawn("sh", ["-c", command], where);
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.once("error", reject);
      child.once("exit", (code) =>
        code === 0 ? resolve(output) : reject(new Error(`${command}: exit ${code}\n${output}`)),
      );
    });
  }

  /** `… &`: goes on until the end of the test; `milepost run` is awaited until it answers. */
  async #background(command: string): Promise<void> {
    const [name = "", ...args] = command.slice(0, -1).trim().split(" ");
    const where = { cwd: this.directory, env: this.#environment, stdio: "ignore" as const };
    this.#running.push(spawn(join(this.directory, "bin", name), args, where));
    if (name !== "milepost") return;
    const url = `http://127.0.0.1:${this.#environment["MILEPOST_ADMIN__PORT"]}/readyz`;
    const isReady = () =>
      fetch(url).then(
        (it) => it.ok,
        () => false,
      );
    await waitUntil("the bridge", isReady, 120_000);
  }
}
