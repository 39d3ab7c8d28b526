/**
 * An access token by OAuth 2 client credentials (RFC 6749, section 4.4).
 *
 * One request for a token is under way at a time, whoever needs it: fifty requests that are
 * refused at once with one old token wait for the same new one.
 */
import type { Dispatcher } from "undici";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { PeerConfig } from "../config.ts";
import { MilepostError, type RetryDecision } from "../errors.ts";
import { networkFault } from "../network_fault.ts";
import { rememberSecret } from "../redaction.ts";
import { basic } from "./basic.ts";

type OAuth2 = Extract<PeerConfig["auth"], { type: "oauth2" }>;

interface Means {
  agent: Dispatcher;
  clock: Clock;
  /** Limit of one token request. */
  seconds: number;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1).max(16_000),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().min(1).max(31_536_000).optional(),
});

/** A token is renewed so long before its end, or a tenth of its life, whichever is shorter. */
const EARLY_MS = 60_000;

export class AccessToken {
  readonly #connection: string;
  readonly #auth: OAuth2;
  readonly #means: Means;
  #token: { text: string; until: number } | undefined;
  #asked: Promise<string> | undefined;

  constructor(connection: string, auth: OAuth2, means: Means) {
    this.#connection = connection;
    this.#auth = auth;
    this.#means = means;
  }

  /** The token at hand, or a new one. Throws MilepostError as `after`. */
  async current(): Promise<string> {
    const token = this.#token;
    if (token !== undefined && this.#means.clock.steady() < token.until) return token.text;
    return this.#ask();
  }

  /**
   * A token other than the one that was refused. Throws MilepostError: `peer_unauthorized`
   * (`pause`) when our credentials are refused, else `peer_failed` and those of the network (`later`).
   */
  async after(refused: string): Promise<string> {
    if (this.#token !== undefined && this.#token.text !== refused) return this.#token.text;
    this.#token = undefined;
    return this.#ask();
  }

  #ask(): Promise<string> {
    this.#asked ??= this.#fetch().finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  async #fetch(): Promise<string> {
    const { status, text } = await this.#post();
    if (status === 400 || status === 401 || status === 403) {
      throw this.#fault("peer_unauthorized", "pause", `refuses our client (${status})`);
    }
    if (status < 200 || status >= 300) {
      throw this.#fault("peer_failed", "later", `answered ${status}`);
    }
    const answer = tokenAnswer.safeParse(parsed(text));
    if (!answer.success) throw this.#fault("peer_bad_answer", "later", "answered no token");
    const { access_token: token, expires_in: seconds = 3600 } = answer.data;
    rememberSecret(token);
    const life = seconds * 1000;
    const until = this.#means.clock.steady() + life - Math.min(EARLY_MS, life / 10);
    this.#token = { text: token, until };
    return token;
  }

  async #post(): Promise<{ status: number; text: string }> {
    const { token_url, client_id, client_secret, scope, parameters, credentials } = this.#auth;
    const secret = client_secret.reveal();
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      ...(scope !== undefined && { scope }),
      ...parameters,
      ...(credentials === "body" && { client_id, client_secret: secret }),
    });
    const url = new URL(token_url);
    try {
      const { statusCode, body } = await this.#means.agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: "POST",
        headers: {
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
          // RFC 6749, section 2.3.1: both are form-encoded first.
          ...(credentials === "basic" && {
            authorization: basic(encodeURIComponent(client_id), encodeURIComponent(secret)),
          }),
        },
        body: form.toString(),
        signal: AbortSignal.timeout(this.#means.seconds * 1000),
      });
      return { status: statusCode, text: await body.text() };
    } catch (error) {
      throw networkFault(error, "peer", this.#connection);
    }
  }

  #fault(code: string, retry: RetryDecision, what: string): MilepostError {
    const culprit = this.#connection;
    return new MilepostError(`The token server of ${culprit} ${what}`, {
      code,
      retry,
      culprit,
      hint: "check peer.auth of the connection: token_url, client_id, client_secret, scope",
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
