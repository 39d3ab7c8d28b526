/**
 * An access token, kept until it ends or is refused.
 *
 * One request for a token is under way at a time, whoever needs it: fifty requests that are
 * refused at once with one old token wait for the same new one.
 */
import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import { MilepostError, type RetryDecision } from "../errors.ts";
import { networkFault } from "../network_fault.ts";
import { rememberSecret } from "../redaction.ts";

/** How a token's server is reached. */
export interface TokenMeans {
  agent: Dispatcher;
  clock: Clock;
  /** Limit of one token request. */
  seconds: number;
}

export interface IssuedToken {
  text: string;
  /** How long it is shown, from now. */
  lifeMs: number;
}

export class AccessToken {
  readonly #clock: Clock;
  readonly #issue: () => Promise<IssuedToken>;
  #token: { text: string; until: number } | undefined;
  #asked: Promise<string> | undefined;

  /** `issue` asks for a new one, and throws MilepostError as `after`. */
  constructor(clock: Clock, issue: () => Promise<IssuedToken>) {
    this.#clock = clock;
    this.#issue = issue;
  }

  /** The token at hand, or a new one. Throws MilepostError as `after`. */
  async current(): Promise<string> {
    const token = this.#token;
    if (token !== undefined && this.#clock.steady() < token.until) return token.text;
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
    const { text, lifeMs } = await this.#issue();
    rememberSecret(text);
    this.#token = { text, until: this.#clock.steady() + lifeMs };
    return text;
  }
}

/** What a token's server answers to a form or a body. Throws those of the network (`later`). */
export async function askForToken(
  connection: string,
  { agent, seconds }: TokenMeans,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ status: number; text: string }> {
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(seconds * 1000),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch (error) {
    throw networkFault(error, "peer", connection);
  }
}

const REFUSED = new Set([400, 401, 403]);

/** Why there is no token, or nothing. `isRefusal` where a login says so in its answer. */
export function tokenFault(
  connection: string,
  members: string,
  status: number,
  isRefusal = REFUSED.has(status),
): MilepostError | undefined {
  const fault = (code: string, retry: RetryDecision, what: string) =>
    new MilepostError(`The token server of ${connection} ${what}`, {
      code,
      retry,
      culprit: connection,
      hint: `check peer.auth of the connection: ${members}`,
    });
  if (isRefusal) return fault("peer_unauthorized", "pause", `refuses our client (${status})`);
  if (status < 200 || status >= 300) return fault("peer_failed", "later", `answered ${status}`);
  return undefined;
}

/** Of an answer that is none. */
export function noToken(connection: string, members: string): MilepostError {
  return new MilepostError(`The token server of ${connection} answered no token`, {
    code: "peer_bad_answer",
    retry: "later",
    culprit: connection,
    hint: `check peer.auth of the connection: ${members}`,
  });
}
