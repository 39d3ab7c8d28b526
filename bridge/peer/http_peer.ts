/**
 * A partner's HTTP API: one base URL, its authentication, limits of time and size, typed errors.
 *
 * Requests cannot leave the base URL and redirects are not followed, so that a cursor or an id
 * that a partner sends cannot aim the bridge at another host.
 */
import { readFileSync } from "node:fs";
import { Agent, type Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { PeerConfig } from "../config.ts";
import { MilepostError, type RetryDecision } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import type { Peer, PeerRequest, PeerResponse } from "../sources/source.ts";
import { networkFault, retryAfterMs } from "../network_fault.ts";
import { Credentials, type ShownCredentials } from "./credentials.ts";

const LATER = new Set([408, 409, 423, 425, 429]);
const UNAUTHORIZED = new Set([401, 403, 407]);

export class HttpPeer implements Peer {
  readonly #agent: Agent;
  readonly #config: PeerConfig;
  readonly #base: URL;
  readonly #credentials: Credentials;
  readonly #connection: string;
  readonly #clock: Clock;
  readonly #metrics: Metrics;

  constructor(connection: string, config: PeerConfig, clock: Clock, metrics: Metrics) {
    this.#connection = connection;
    this.#config = config;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#base = new URL(`${config.base_url}/`);
    this.#agent = new Agent({
      connect: { timeout: config.connect_seconds * 1000, ...tlsOf(config) },
      headersTimeout: config.request_seconds * 1000,
      bodyTimeout: config.request_seconds * 1000,
      maxResponseSize: config.max_bytes,
      keepAliveTimeout: 10_000,
    });
    this.#credentials = new Credentials(connection, config, this.#agent, clock);
  }

  async request(request: PeerRequest, signal: AbortSignal): Promise<PeerResponse> {
    const url = this.#url(request);
    const start = performance.now();
    let statusClass = "error";
    try {
      const limit = AbortSignal.timeout(this.#config.request_seconds * 1000);
      const either = AbortSignal.any([signal, limit]);
      const first = await this.#credentials.of(url, request);
      let answer = await this.#send(url, request, first, either);
      if (this.#isRefusal(answer)) {
        const second = await this.#credentials.renewed(url, request, first);
        if (second !== undefined) answer = await this.#send(url, request, second, either);
      }
      statusClass = `${Math.floor(answer.status / 100)}xx`;
      return this.#checked(answer, request);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof MilepostError) throw error;
      if ((error as { code?: string }).code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
        throw this.#error("peer_answer_too_large", "never", "sent more than max_bytes");
      }
      throw networkFault(error, "peer", this.#connection);
    } finally {
      this.#metrics.httpClient.observe(
        { target: this.#connection, status_class: statusClass },
        (performance.now() - start) / 1000,
      );
    }
  }

  async #send(
    url: URL,
    { method, headers, body }: PeerRequest,
    shown: ShownCredentials,
    signal: AbortSignal,
  ): Promise<PeerResponse> {
    const answer = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + shown.search,
      method,
      headers: { accept: "application/json", ...headers, ...shown.headers },
      body: shown.body ?? body ?? null,
      signal,
    });
    return {
      status: answer.statusCode,
      headers: flatten(answer.headers),
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }

  #isRefusal({ status, body }: PeerResponse): boolean {
    return this.#credentials.isRefusal(status, body);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #url(request: PeerRequest): URL {
    const url = new URL(request.path.replace(/^\//, ""), this.#base);
    if (url.origin !== this.#base.origin || !url.pathname.startsWith(this.#base.pathname)) {
      throw this.#error("peer_foreign_url", "never", "was to be asked outside its base URL");
    }
    for (const [name, value] of Object.entries(request.query ?? {})) {
      url.searchParams.append(name, value);
    }
    return url;
  }

  #checked(answer: PeerResponse, request: PeerRequest): PeerResponse {
    const { status, headers, body } = answer;
    if (status !== 401 && this.#isRefusal(answer)) throw this.#refusal(401, undefined, false);
    if (request.expect?.includes(status)) return answer;
    const fine = status >= 200 && status < 300;
    if (!fine) throw this.#refusal(status, headers["retry-after"], isPage(headers, body));
    this.#checkContent(headers["content-type"] ?? "", body);
    return answer;
  }

  /** A login page or a cut JSON with status 200 is a fault of the way, not an answer. */
  #checkContent(contentType: string, body: Buffer): void {
    const type = mediaType(contentType);
    if (type === "text/html") {
      throw this.#error("peer_bad_answer", "later", "answered a web page instead of data", {
        hint: "a login page or a proxy's: check peer.base_url, the path and peer.auth",
      });
    }
    if (body.length > 0 && (type === "application/json" || type.endsWith("+json"))) {
      try {
        JSON.parse(body.toString("utf8"));
      } catch {
        throw this.#error("peer_bad_answer", "later", "answered broken JSON");
      }
    }
  }

  #refusal(status: number, retryAfter: string | undefined, page: boolean): MilepostError {
    if (UNAUTHORIZED.has(status)) {
      return this.#error("peer_unauthorized", "pause", `refuses our credentials (${status})`, {
        hint:
          status === 403
            ? "they are known and may not do this: ask the partner for the account's right, or to allow this machine's address"
            : "it does not know them: check peer.auth of the connection, and whether they have ended",
      });
    }
    if (LATER.has(status) || status >= 500) {
      const wait = retryAfterMs(retryAfter, this.#clock.now());
      const code = status === 429 ? "peer_busy" : "peer_failed";
      return this.#error(code, "later", `answered ${status}`, {
        retryAfterMs: wait,
      });
    }
    if (status >= 300 && status < 400) {
      return this.#error("peer_redirect", "pause", `redirects (${status})`, {
        hint: "set peer.base_url to where it redirects",
      });
    }
    if (status === 404 || page) {
      // A gateway whose partner is being deployed answers so, too: no order is given up by one of them.
      const what = `refused the request (${status}), or a proxy before it`;
      return this.#error("peer_refused", "later", what, {
        hint: "check peer.base_url and the paths when this stays",
      });
    }
    return this.#error("peer_refused", "never", `refused the request (${status})`);
  }

  #error(
    code: string,
    retry: RetryDecision,
    what: string,
    more: { hint?: string; retryAfterMs?: number | undefined } = {},
  ): MilepostError {
    const culprit = this.#connection;
    return new MilepostError(`The partner of ${culprit} ${what}`, {
      code,
      retry,
      culprit,
      ...more,
    });
  }
}

function isPage(headers: Readonly<Record<string, string>>, body: Buffer): boolean {
  const start = body.toString("latin1", 0, 64).trimStart().toLowerCase();
  const isHtml = start.startsWith("<!doctype html") || start.startsWith("<html");
  return mediaType(headers["content-type"] ?? "") === "text/html" || isHtml;
}

function mediaType(contentType: string): string {
  return contentType.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** By which certificates the peer is known, and we are. */
export function tlsOf({ ca_file, client_certificate: own }: PeerConfig) {
  return {
    ...(ca_file !== undefined && { ca: readFileSync(ca_file) }),
    ...(own !== undefined && { cert: readFileSync(own.certificate_file), key: own.key.reveal() }),
  };
}

function flatten(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
