/**
 * XML-RPC through the library odoo-xmlrpc, for Odoo 18 and earlier.
 *
 * The library is callback only, may call back twice or never, has no time limit, drops a path in
 * the URL, and sends undefined and large integers wrongly. This wrapper settles once, limits the
 * time, cleans the values, refuses URLs with a path, and never shows the password.
 */
import Odoo from "odoo-xmlrpc";
import type { OdooConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { networkFault } from "../network_fault.ts";
import { firstLine, type OdooTransport } from "./transport.ts";
import { xmlSafe } from "./xml_safe.ts";

/** Fault codes of `/xmlrpc/2` in Odoo (odoo/addons/rpc/controllers). */
const WARNING = 2;
const ACCESS_DENIED = 3;
const ACCESS_ERROR = 4;

/** Texts of faults that mean "try again": the transaction lost against another one. */
const CONCURRENCY = /could not serialize|SerializationFailure|deadlock detected|LockNotAvailable/;
/** Odoo's words for a model or a method that is not there (odoo/service/model.py). */
const UNKNOWN_METHOD = /Object \S+ doesn't exist|[Tt]he method '[^']+' does not exist/;
const DATABASE_DOWN =
  /database .* does not exist|OperationalError|KeyError: '[^']*'$|connection to server/s;

export class XmlrpcTransport implements OdooTransport {
  readonly name = "xmlrpc";
  readonly #config: OdooConfig;
  readonly #client: Odoo;
  readonly #metrics: Metrics;
  #login: Promise<void> | undefined;

  constructor(config: OdooConfig, metrics: Metrics) {
    const url = new URL(config.url);
    if (url.pathname !== "/" || url.search !== "") {
      throw new MilepostError("odoo.url must not hold a path with transport xmlrpc", {
        code: "config_invalid",
        retry: "never",
        path: "odoo.url",
        hint: "odoo-xmlrpc drops the path; use transport json2 or an address without one",
      });
    }
    this.#config = config;
    this.#metrics = metrics;
    this.#client = new Odoo({
      url: url.origin,
      port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
      db: config.database,
      username: config.login ?? "",
      password: config.api_key.reveal(),
    });
  }

  async call(
    model: string,
    method: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const params = [[], xmlSafe(args)];
    await this.#authenticate(signal);
    return this.#settle(signal, (callback) =>
      this.#client.execute_kw(model, method, params, callback),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Logs in once; a failed login is tried again with the next call. */
  async #authenticate(signal: AbortSignal): Promise<void> {
    this.#login ??= this.#settle(signal, (callback) => this.#client.connect(callback)).then(
      () => undefined,
    );
    try {
      await this.#login;
    } catch (error) {
      this.#login = undefined;
      throw error;
    }
  }

  #settle(
    signal: AbortSignal,
    start: (callback: (error: unknown, value: unknown) => void) => void,
  ): Promise<unknown> {
    const began = performance.now();
    const limit = AbortSignal.timeout(this.#config.call_seconds * 1000);
    const ends = AbortSignal.any([signal, limit]);
    return new Promise<unknown>((resolve, reject) => {
      const done = (statusClass: string, finish: () => void) => {
        ends.removeEventListener("abort", aborted);
        const seconds = (performance.now() - began) / 1000;
        this.#metrics.httpClient.observe({ target: "odoo", status_class: statusClass }, seconds);
        finish();
      };
      const aborted = () =>
        done("error", () =>
          reject(signal.aborted ? signal.reason : networkFault(limit.reason, "odoo", "Odoo")),
        );
      if (ends.aborted) return aborted();
      ends.addEventListener("abort", aborted, { once: true });
      start((error, value) => {
        if (error) done("error", () => reject(xmlrpcFault(error)));
        else done("2xx", () => resolve(value));
      });
    });
  }
}

interface LibraryError {
  message?: unknown;
  faultCode?: unknown;
  faultString?: unknown;
  code?: unknown;
  res?: { statusCode?: number };
}

/** The library's error as ours. It may carry the request with the password: it is not kept as cause. */
function xmlrpcFault(raw: unknown): MilepostError {
  const error = (typeof raw === "object" && raw !== null ? raw : {}) as LibraryError;
  if (error.faultCode !== undefined) return applicationFault(error);
  const status = error.res?.statusCode;
  if (error.message === "No UID returned from authentication.") return unauthorized();
  if (status !== undefined && status >= 300 && status < 400) {
    return fault("odoo_redirect", "pause", `Odoo's address redirects (${status})`);
  }
  if (status === 404) {
    return fault("odoo_unreachable", "later", "Odoo does not answer XML-RPC at this address");
  }
  if (status !== undefined) {
    const code = status >= 400 ? "odoo_failed" : "odoo_bad_answer";
    return fault(code, "later", `Odoo answered ${status} without XML-RPC`);
  }
  const code = typeof error.code === "string" ? error.code : "unknown";
  return fault("odoo_unreachable", "later", `Odoo cannot be reached (${code})`);
}

function applicationFault(error: LibraryError): MilepostError {
  const text = typeof error.faultString === "string" ? error.faultString : "";
  if (error.faultCode === ACCESS_DENIED) return unauthorized();
  if (CONCURRENCY.test(text)) return fault("odoo_busy", "later", "Odoo is busy with the same rows");
  if (UNKNOWN_METHOD.test(text)) {
    return fault("odoo_addon_missing", "pause", "Odoo does not know milepost.exchange", {
      hint: "install or upgrade the addon milepost in this database",
    });
  }
  if (error.faultCode === ACCESS_ERROR) {
    return fault("odoo_forbidden", "pause", `Odoo denies access: ${firstLine(text)}`, {
      hint: "the user of the API key needs the group Milepost / Bridge and the connection",
    });
  }
  if (error.faultCode === WARNING) {
    return fault("odoo_refused", "never", `Odoo refused the call: ${firstLine(text)}`);
  }
  if (DATABASE_DOWN.test(text.trim())) {
    return fault("odoo_unreachable", "later", "Odoo has no such database at the moment");
  }
  return fault("odoo_failed", "later", "Odoo failed inside (see its own log)");
}

function unauthorized(): MilepostError {
  return fault("odoo_unauthorized", "pause", "Odoo refuses the login or API key", {
    hint: "the key may have expired: make a new one for the bridge user and put it in odoo.api_key",
  });
}

function fault(
  code: string,
  retry: "later" | "pause" | "never",
  text: string,
  more: { hint?: string } = {},
): MilepostError {
  return new MilepostError(text, { code, retry, culprit: "odoo", ...more });
}
