/** Inside the reading process: takes messages, gives what the partner's expressions find in them. */
import { Worker } from "node:worker_threads";
import { MilepostError } from "../../errors.ts";
import { FieldTracker } from "../shared/reading/field_tracking.ts";
import { Evaluation } from "./evaluation.ts";
import { PLAIN } from "./expression_functions.ts";
import { fill } from "./filling.ts";
import { TooMuch } from "./expression_values.ts";
import { parseFormat } from "./formats.ts";
import type { Answer, FillJob, Job, Start } from "./reading_process.ts";

let start: Start | undefined;
let evaluation: Evaluation | undefined;
/** Of what is ours (orders, tracking numbers): its decimals are written plainly, not as the partner's. */
let ours: Evaluation | undefined;
let tracker: FieldTracker | undefined;

async function answerTo(job: Job | FillJob): Promise<Answer> {
  if (start === undefined) throw new Error("no program was given");
  const { program, label } = start;
  try {
    evaluation ??= new Evaluation(program);
    if ("fill" in job) {
      if (job.document !== undefined) {
        const answer = parsedAnswer(label, job.document);
        return { filled: await fill(evaluation, job.fill, answer, job.bindings) };
      }
      ours ??= new Evaluation({ ...program, numbers: PLAIN });
      return { filled: await fill(ours, job.fill, job.context, job.bindings) };
    }
    const { body, attributes, receivedAt, track } = job;
    const document = await parseFormat(label, program.format, Buffer.from(body));
    const bindings = { attributes, received_at: receivedAt };
    if (track !== true) return { result: await evaluation.run(document, bindings) };
    tracker ??= new FieldTracker();
    const result = await evaluation.run(tracker.track(document), bindings, false);
    return { result, fields: { unread: tracker.unread(), seen: tracker.size } };
  } catch (error) {
    if (error instanceof MilepostError) {
      const { code, message, path } = error;
      return { fault: { code, message, path: path ?? "" } };
    }
    const code = error instanceof TooMuch ? "mapping_too_much" : "mapping_failed";
    const message = error instanceof Error ? error.message : String(error);
    return { fault: { code, message: `${label}: ${message}`, path: "" } };
  }
}

function parsedAnswer(label: string, { format, body }: NonNullable<FillJob["document"]>): unknown {
  const bytes = Buffer.from(body);
  if (format === "text") return bytes.toString("utf8");
  return parseFormat(label, { type: format }, bytes);
}

/**
 * Ends this process when the bridge is gone. The process cannot see that itself while an
 * expression holds it, and would compute on for nobody. Whose child it is was said at its start: a
 * bridge that ends before the watch begins would have left it to another parent, which it would
 * take for its own. Plain JavaScript, so that it starts at once.
 */
const WATCH = `
  const { workerData: bridge } = require("node:worker_threads");
  setInterval(() => process.ppid === bridge || process.kill(process.pid, "SIGKILL"), 1000);
`;
const bridge = Number(process.argv[2]);
new Worker(WATCH, { eval: true, execArgv: [], workerData: bridge }).unref();

process.on("message", (message: Start | Job | FillJob) => {
  if ("program" in message) {
    start = message;
    process.send?.("ready");
  } else void answerTo(message).then((answer) => process.send?.(answer));
});
// The bridge is gone: nobody waits for an answer any more.
process.on("disconnect", () => process.exit(0));
