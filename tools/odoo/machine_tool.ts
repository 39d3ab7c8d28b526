/** Programs of the machine that tools need: those that are missing come from its own apt. */
import { run } from "./processes.ts";
import type { Log } from "./progress.ts";

/** Whether the machine has a program. */
export function has(command: string): Promise<boolean> {
  return run("sh", ["-c", `command -v ${command}`]).then(
    () => true,
    () => false,
  );
}

/** Installs the Debian package of a program that is missing; asked before long work, not in its middle. */
export async function ensureTool(command: string, debian: string, log: Log): Promise<void> {
  if (await has(command)) return;
  log(`installing ${debian}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", debian], { env });
}
