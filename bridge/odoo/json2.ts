/** JSON-2: `POST /json/2/<model>/<method>`, arguments by name, one call is one transaction. */
import { readFileSync } from "node:fs";
import { Agent } from "undici";
import type { OdooConfig } from "../config.ts";
import { MilepostError, type RetryDecision } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { networkFault, retryAfterMs } from "../network_fault.ts";
import { firstLine, type OdooTransport } from "./transport.ts";

/** An answer holds one verdict per fact, a claim a few orders: far below this. */
const MAX_ANSWER_BYTES = 32_000_000;

export class Json2Transport implements OdooTransport {
  readonly name = "json2";
  readonly #config: OdooConfig;
  readonly #agent: Agent;
  readonly #metrics: Metrics;
  aheadMs: number | undefined;

  constructor(config: OdooConfig, metrics: Metrics) {
    this.#config = config;
    this.#metrics = metrics;
    const callMs = config.call_seconds * 1000;
    this.#agent = new Agent({
      connect: {
        timeout: config.connect_seconds * 1000,
        ...(config.ca_file === undefined ? {} : { ca: readFileSync(config.ca_file) }),
      },
      headersTimeout: callMs,
      bodyTimeout: callMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      keepAliveTimeout: 20_000,
    });
  }

  async call(
    model: string,
    method: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const start = performance.now();
    let statusClass = "error";
    try {
      const base = new URL(this.#config.url);
      const limit = AbortSignal.timeout(this.#config.call_seconds * 1000);
      const answer = await this.#agent.request({
        origin: base.origin,
        path: `${base.pathname.replace(/\/$/, "")}/json/2/${model}/${method}`,
        method: "POST",
        headers: {
          authorization: `bearer ${this.#config.api_key.reveal()}`,
          "content-type": "application/json",
          "x-odoo-database": this.#config.database,
        },
        body: JSON.stringify(args),
        signal: AbortSignal.any([signal, limit]),
      });
      statusClass = `${Math.floor(answer.statusCode / 100)}xx`;
      const date = Date.parse(String(answer.headers["date"]));
      this.aheadMs = Number.isNaN(date) ? undefined : date - Date.now();
      const text = await answer.body.text();
      const type = String(answer.headers["content-type"] ?? "");
      if (answer.statusCode === 200) return parse(text);
      const wait = answer.headers["retry-after"];
      throw refusal(answer.statusCode, type, text, Array.isArray(wait) ? wait[0] : wait);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw networkFault(error, "odoo", "Odoo");
    } finally {
      const seconds = (performance.now() - start) / 1000;
      this.#metrics.httpClient.observe({ target: "odoo", status_class: statusClass }, seconds);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw fault("odoo_bad_answer", "later", "Odoo answered broken JSON");
  }
}

/**
 * The error for a status. The body carries a Python traceback: only its message is taken, and only
 * from statuses that mean "refused", so that no internals of Odoo get into logs and dead letters.
 */
function refusal(status: number, type: string, text: string, wait?: string): MilepostError {
  const json = type.includes("json");
  if (status === 401) {
    return fault("odoo_unauthorized", "pause", "Odoo refuses the API key", {
      hint: "the key may have expired: make a new one for the bridge user and put it in odoo.api_key",
    });
  }
  if (status === 403) {
    return fault("odoo_forbidden", "pause", `Odoo denies access: ${message(text)}`, {
      hint: "the user of the API key needs the group Milepost / Bridge and the connection",
    });
  }
  if (status === 404 && json) {
    return fault("odoo_addon_missing", "pause", "Odoo does not know milepost.exchange", {
      hint: "install or upgrade the addon milepost in this database",
    });
  }
  if (status === 404) {
    return fault("odoo_unreachable", "later", "Odoo has no such database at the moment", {
      hint: "check odoo.url and odoo.database; is the database up?",
    });
  }
  if (status >= 300 && status < 400) {
    return fault("odoo_redirect", "pause", `Odoo's address redirects (${status})`, {
      hint: "set odoo.url to the address that it redirects to",
    });
  }
  if (status === 409 || status === 429 || status === 408 || status >= 500) {
    const retryAfter = retryAfterMs(wait, new Date());
    return fault(status >= 500 ? "odoo_failed" : "odoo_busy", "later", `Odoo answered ${status}`, {
      retryAfterMs: retryAfter,
    });
  }
  return fault("odoo_refused", "never", `Odoo refused the call: ${message(text)}`);
}

function message(text: string): string {
  try {
    return firstLine((JSON.parse(text) as { message?: unknown }).message);
  } catch {
    return "no message";
  }
}

function fault(
  code: string,
  retry: RetryDecision,
  text: string,
  more: { hint?: string; retryAfterMs?: number | undefined } = {},
): MilepostError {
  return new MilepostError(text, { code, retry, culprit: "odoo", ...more });
}
