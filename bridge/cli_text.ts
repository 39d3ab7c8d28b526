/** What the command line prints for people. */
import type { Status } from "./admin/status_type.ts";
import type { DeadLetter } from "./store/dead_letters.ts";
import type { FactSummary } from "./store/facts.ts";

/** Payloads come from outside: what could command the terminal is shown as a replacement sign. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
}

/** `milepost status` */
export function statusText(status: Status): string {
  const advice = status.advice.map(
    ({ what, since, todo }) =>
      `  ${what}${since === null ? "" : `\n    since ${since}`}\n    do: ${todo}`,
  );
  const queue = status.queue.map(
    ({ state, priority, count, oldest_seconds }) =>
      `  ${String(count).padStart(8)}  ${state.padEnd(10)} ${priority.padEnd(10)} oldest ${oldest_seconds} s`,
  );
  const replies = status.replies.map(
    ({ connection, state, count, oldest_seconds }) =>
      `  ${String(count).padStart(8)}  ${connection}  ${state}  oldest ${oldest_seconds} s`,
  );
  const aside = [...status.dead_letters, ...status.quarantine.map((it) => ({ ...it, stage: "" }))];
  return [
    `environment: ${status.environment ?? "not set"}`,
    `last backup: ${status.backup?.at ?? "none"}`,
    ...section("needs somebody", advice, "nothing"),
    `messages not read yet: ${status.unread}`,
    ...section("facts that wait", queue, "none"),
    ...section("replies not sent", replies, "none"),
    ...section(
      "set aside",
      aside.map(
        ({ connection, stage, count }) =>
          `  ${String(count).padStart(8)}  ${connection}  ${stage === "" ? "quarantine" : `dead letters, ${stage}`}`,
      ),
      "nothing",
    ),
  ].join("\n");
}

function section(title: string, lines: readonly string[], none: string): string[] {
  return lines.length === 0 ? [`${title}: ${none}`] : [`${title}:`, ...lines];
}

/** `milepost dead-letter list` */
export function deadLetterLines(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return "no dead letters";
  return letters
    .map(
      ({ id, connection, stage, problem, createdAt, state }) =>
        `${String(id).padStart(6)}  ${new Date(createdAt).toISOString()}  ${connection}  ${stage}  ${problem.code}` +
        `${state === "replayed" ? " (replayed)" : ""}  ${problem.reason}`,
    )
    .join("\n");
}

/** `milepost dead-letter show` */
export function deadLetterText(letter: DeadLetter & { payload: string | null }): string {
  const { problem } = letter;
  return rows([
    ["dead letter", String(letter.id)],
    ["state", letter.state],
    ["connection", letter.connection],
    ["stage", letter.stage],
    ["at", new Date(letter.createdAt).toISOString()],
    ["code", problem.code],
    ["reason", problem.reason],
    ["path", problem.path],
    ["what to do", problem.hint],
    ["attempts", String(letter.attempts)],
    ["message", letter.messageId],
    ["fact", letter.factKey],
    ["order", letter.orderId === null ? null : String(letter.orderId)],
    ["payload", letter.payload === null ? null : `\n${letter.payload}`],
  ]);
}

interface ShownMessage {
  id: string;
  connection: string;
  channel: string;
  contentType: string;
  received_at: string;
  sha256: string;
  state: string;
  mapping: string | null;
  findings: ReadonlyArray<{ severity: string; code: string; path: string; text: string }>;
  payload: string;
  facts: readonly FactSummary[];
}

/** `milepost message show` */
export function messageText(message: ShownMessage): string {
  const facts = message.facts.map(
    ({ key, kind, state, withdrawn, shipments, code, reason }) =>
      `\n  ${key.slice(0, 12)}  ${kind}  ${withdrawn ? "withdrawn" : state}  ${shipments.join(", ")}${code === null ? "" : `  ${code}: ${reason ?? ""}`}`,
  );
  const findings = message.findings.map(
    (it) => `\n  ${it.severity} ${it.code} ${it.path}: ${it.text}`,
  );
  return rows([
    ["message", message.id],
    ["connection", message.connection],
    ["channel", message.channel],
    ["received", message.received_at],
    ["content type", message.contentType],
    ["sha256", message.sha256],
    ["state", message.state],
    ["mapping", message.mapping],
    ["findings", findings.join("") || "none"],
    ["facts", facts.join("") || "none"],
    ["payload", `\n${message.payload}`],
  ]);
}

function rows(pairs: ReadonlyArray<readonly [string, string | null | undefined]>): string {
  return pairs
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${`${name}:`.padEnd(14)} ${value}`)
    .join("\n");
}
