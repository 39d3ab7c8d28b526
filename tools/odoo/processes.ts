/** Running commands, and ending exactly the processes that were started here. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

export class CommandError extends Error {
  readonly output: string;
  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with ${code ?? "a signal"}:\n${output.slice(-4000)}`);
    this.name = "CommandError";
    this.output = output;
  }
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Sees every line as it comes. */
  onLine?: (line: string) => void;
  /** What ends it with this process. */
  endedBy?: NodeJS.Signals;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Commands under way, and the signal that ends each. */
const underWay = new Map<ChildProcess, NodeJS.Signals>();

/** Ends the commands with this process: an Odoo that outlives its tests keeps a processor busy. */
function endAll(signal: NodeJS.Signals): void {
  for (const [child, endedBy] of underWay) child.kill(endedBy);
  for (const name of SIGNALS) process.off(name, endAll);
  // Who else listens ends this process in its own way.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function endWithUs(child: ChildProcess, endedBy: NodeJS.Signals = "SIGTERM"): void {
  if (underWay.size === 0) for (const name of SIGNALS) process.on(name, endAll);
  underWay.set(child, endedBy);
  child.once("close", () => {
    underWay.delete(child);
    if (underWay.size === 0) for (const name of SIGNALS) process.off(name, endAll);
  });
}

/**
 * Runs a command to its end and gives what it printed; throws CommandError when it fails. It ends with
 * this process, also when a signal ends that.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  endWithUs(child, options.endedBy);
  let output = "";
  const take = (text: string) => {
    output += text;
    if (options.onLine) for (const line of text.split("\n")) if (line !== "") options.onLine(line);
  };
  const takeRest = [inWholeLines(child.stdout, take), inWholeLines(child.stderr, take)];
  // A command that ends without reading its input is judged by its exit code, not by the pipe.
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  for (const takeLast of takeRest) takeLast();
  if (code !== 0) throw new CommandError([command, ...args].join(" ").slice(0, 300), code, output);
  return output;
}

/** Chunks end anywhere, and two streams must not meet within a line; gives what takes the rest. */
function inWholeLines(stream: Readable | null, take: (text: string) => void): () => void {
  let rest = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => {
    rest += chunk;
    const whole = rest.lastIndexOf("\n") + 1;
    if (whole > 0) take(rest.slice(0, whole));
    rest = rest.slice(whole);
  });
  return () => take(rest);
}

/** A process that can be told from another one which later got the same number. */
export interface ProcessId {
  pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot at which it started. */
  startedAt: string;
}

export function identify(pid: number): ProcessId | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return { pid, startedAt: fields[19] ?? "" };
  } catch {
    return null; // no such process
  }
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.startedAt === id.startedAt;
}

/** Asks the process to end, and makes it after `patienceMs`. Does nothing when it is gone. */
export async function end(id: ProcessId, patienceMs = 10_000): Promise<void> {
  if (!isAlive(id)) return;
  process.kill(id.pid, "SIGTERM");
  const deadline = performance.now() + patienceMs;
  while (isAlive(id)) {
    if (performance.now() > deadline) {
      process.kill(id.pid, "SIGKILL");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
