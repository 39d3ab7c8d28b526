/** Commands of the tools end with the tool: nothing stays running when somebody stops it. */
import { expect } from "chai";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { end, identify, isAlive, type ProcessId } from "../../tools/odoo/processes.ts";

const PROCESSES = fileURLToPath(new URL("../../tools/odoo/processes.ts", import.meta.url));
/** Runs a command that says its own number and waits. */
const TOOL = `
  import { run } from ${JSON.stringify(PROCESSES)};
  await run("sh", ["-c", "echo $$; exec sleep 60"], { onLine: (line) => console.log(line) });
`;

describe("a command that a tool runs", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends with the tool at ${signal}`, async () => {
      const tool = spawn(process.execPath, ["--input-type=module", "-e", TOOL], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let command: ProcessId | null = null;
      try {
        const [pid] = await firstLine(tool.stdout);
        command = identify(Number(pid));
        if (command === null) throw new Error(`${pid} does not run`);
        const closed = new Promise((resolve) => tool.once("close", resolve));
        tool.kill(signal);
        await closed;
        while (isAlive(command)) await new Promise((resolve) => setTimeout(resolve, 20));
        expect(tool.signalCode).to.equal(signal);
      } finally {
        tool.kill("SIGKILL");
        if (command !== null) await end(command);
      }
    });
  }
});

async function firstLine(stream: NodeJS.ReadableStream): Promise<string[]> {
  for await (const line of createInterface({ input: stream })) return [line];
  throw new Error("nothing was said");
}
