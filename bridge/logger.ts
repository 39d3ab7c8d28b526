/**
 * Structured logs: one JSON object a line on stdout.
 *
 * Only the fields named here are ever written. A redaction list forgets the secret that nobody
 * thought of; an allow list cannot.
 */
import { struck } from "./redaction.ts";
import { pino, type DestinationStream } from "pino";

export interface LogFields {
  connection?: string;
  source?: string;
  scope?: string;
  lane?: number;
  message_id?: string;
  fact_key?: string;
  order?: number;
  dead_letter?: number;
  code?: string;
  reason?: string;
  path?: string;
  hint?: string;
  status?: number;
  count?: number;
  accepted?: number;
  duplicates?: number;
  attempt?: number;
  ms?: number;
  url?: string;
  version?: string;
  environment?: string;
  signal?: string;
  remote?: string;
}

const ALLOWED: ReadonlySet<string> = new Set<keyof LogFields>([
  "connection", "source", "scope", "lane", "message_id", "fact_key", "order", "dead_letter",
  "code", "reason", "path", "hint", "status", "count", "accepted", "duplicates", "attempt", "ms",
  "url", "version", "environment", "signal", "remote",
]); // prettier-ignore

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** A logger on stdout, or on the stream given (tests). Texts are cut at 500 characters. */
export function createLogger(level: LogLevel, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    messageKey: "event",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const out = stream === undefined ? pino(options) : pino(options, stream);
  const write =
    (name: "debug" | "info" | "warn" | "error") => (event: string, fields?: LogFields) =>
      out[name](fields === undefined ? {} : allowed(fields), event);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function cut(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name) || value === undefined) continue;
    kept[name] = typeof value === "string" ? cut(struck(value)) : value;
  }
  return kept;
}
