/**
 * A partner's expressions run in a process of their own, with a wall clock, a bound on memory, and
 * nothing of the bridge in reach.
 *
 * JSONata's own time limit does not stop a regular expression that backtracks for hours, and the
 * event loop that takes webhooks must never wait for one. A worker thread would do for the clock,
 * but not for memory: when V8 runs out inside one of its own functions it ends the whole process,
 * whatever the thread's limits. So the process is killed from outside, and a new one is started
 * for the next message.
 */
import { type ChildProcess, fork } from "node:child_process";
import { MilepostError } from "../../errors.ts";
import type { Field } from "../shared/reading/field_tracking.ts";
import type { EvaluatedDocument, Failure } from "./evaluation.ts";
import type { Partner } from "./partner_file.ts";
import type { Program, Template } from "./program.ts";

export interface Start {
  program: Program;
  label: string;
}

export interface Job {
  body: Uint8Array;
  attributes: Readonly<Record<string, string>>;
  /** UTC, ISO 8601. */
  receivedAt: string;
  /** Say which fields nothing read, of all messages that were tracked so far. */
  track?: boolean;
}

/** Fill a template from a thing of ours, or from a foreign document (an answer), given as bytes. */
export interface FillJob {
  fill: Template;
  bindings: Record<string, unknown>;
  context?: unknown;
  document?: { format: "json" | "xml" | "text"; body: Uint8Array };
}

export interface Filled {
  value: unknown;
  failures: Failure[];
}

export interface Answer {
  result?: EvaluatedDocument;
  fields?: { unread: Field[]; seen: number };
  filled?: Filled;
  fault?: { code: string; message: string; path: string };
}

export interface Evaluated {
  result: EvaluatedDocument;
  fields: Answer["fields"];
}

/** A process starts in some 200 ms; on a machine that is busy it takes longer, and that is no fault. */
const START_MS = 60_000;
/** A process that had nothing to do for this long is let go. */
const IDLE_MS = 30_000;
const NO_FAULT = { code: "mapping_failed", message: "the process gave no answer", path: "" };
/** How a process ends that V8 found no memory for. */
const OUT_OF_MEMORY = new Set(["SIGABRT", "SIGTRAP", "SIGILL", "134"]);

interface Pending {
  child: ChildProcess;
  resolve: (answer: unknown) => void;
  reject: (error: MilepostError) => void;
}

/** One process and its line of waiting messages. */
class ReadingProcess {
  readonly #partner: Partner;
  readonly #label: string;
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  /** The one message that is being read, or the start. */
  #pending: Pending | undefined;

  constructor(partner: Partner, label: string) {
    this.#partner = partner;
    this.#label = label;
  }

  /**
   * Evaluates one message after the others. Throws MilepostError (`never`): `mapping_timeout`,
   * `mapping_memory`, `mapping_too_much`, `mapping_failed`, and those of the format.
   */
  evaluate(job: Job): Promise<Evaluated> {
    const turn = this.#last.then(() => this.#evaluate(job));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Fills a template, in its turn among the messages. Throws as `evaluate`. */
  fill(job: FillJob): Promise<Filled> {
    const turn = this.#last.then(async () => {
      const { filled, fault } = await this.#answer(job);
      if (filled !== undefined) return filled;
      throw this.#refusal(fault);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #evaluate(job: Job): Promise<Evaluated> {
    const { result, fields, fault } = await this.#answer(job);
    if (result !== undefined) return { result, fields };
    throw this.#refusal(fault);
  }

  #refusal({ code, message, path } = NO_FAULT): MilepostError {
    return new MilepostError(message, { code, retry: "never", culprit: this.#label, path });
  }

  async #answer(job: Job | FillJob): Promise<Answer> {
    clearTimeout(this.#idle);
    const { seconds } = this.#partner.mapping.limits;
    const child = (this.#child ??= await this.#start());
    hold(child);
    const answer = await this.#ask<Answer>(child, job, seconds * 1000);
    letGo(child);
    this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
    return answer;
  }

  async #start(): Promise<ChildProcess> {
    const { mapping, program } = this.#partner;
    const child = fork(new URL("./process_main.ts", import.meta.url), [String(process.pid)], {
      env: {},
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: [
        `--max-old-space-size=${mapping.limits.memory_mb}`,
        "--disallow-code-generation-from-strings",
        "--permission",
        "--allow-fs-read=*",
        "--allow-worker",
      ],
    });
    child.on("message", (answer: unknown) => {
      if (this.#pending?.child === child) this.#pending.resolve(answer);
    });
    child.on("error", (error) => this.#lose(child, this.#crashed(error.message)));
    child.on("exit", (code, signal) => this.#lose(child, this.#ended(signal ?? String(code))));
    const start: Start = { program, label: this.#label };
    await this.#ask<string>(child, start, START_MS);
    return child;
  }

  /** The process's answer within the time; otherwise it is killed. */
  #ask<T>(child: ChildProcess, message: Start | Job | FillJob, ms: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#lose(child, this.#tooSlow(ms));
        child.kill("SIGKILL");
      }, ms);
      const settled = () => {
        clearTimeout(timer);
        this.#pending = undefined;
      };
      this.#pending = {
        child,
        resolve: (answer) => {
          settled();
          resolve(answer as T);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      // A process that is gone refuses the message; its end is told by `exit`.
      child.send(message, () => undefined);
    });
  }

  /** A process that is gone is replaced at the next message; who waits for it hears why. */
  #lose(child: ChildProcess, why: MilepostError): void {
    if (this.#child === child) this.#child = undefined;
    if (this.#pending?.child === child) this.#pending.reject(why);
  }

  #end(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
  }

  #tooSlow(ms: number): MilepostError {
    return this.#fault(
      "mapping_timeout",
      `reading took longer than ${ms / 1000} s`,
      "look for a regular expression or a nested search; or raise limits.seconds in the file",
    );
  }

  #ended(how: string): MilepostError {
    if (!OUT_OF_MEMORY.has(how)) return this.#crashed(how);
    const { memory_mb } = this.#partner.mapping.limits;
    return this.#fault(
      "mapping_memory",
      `reading needed more than ${memory_mb} MB`,
      "look for what grows; or raise limits.memory_mb in the file",
    );
  }

  #crashed(how: string): MilepostError {
    const hint = "replay the message; if it happens again, report it";
    return this.#fault("mapping_failed", `the reading process ended (${how})`, hint);
  }

  #fault(code: string, text: string, hint: string): MilepostError {
    const culprit = this.#label;
    return new MilepostError(`${culprit}: ${text}`, { code, retry: "never", culprit, hint });
  }
}

/** While it works the process keeps ours alive; while it waits it must not. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

const processes = new WeakMap<Partner, ReadingProcess>();

/** The process of a partner's mapping: a new version has a new one, the old one ends when idle. */
export function processOf(partner: Partner, label: string): ReadingProcess {
  const known = processes.get(partner);
  if (known !== undefined) return known;
  const process = new ReadingProcess(partner, label);
  processes.set(partner, process);
  return process;
}
