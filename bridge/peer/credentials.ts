/** How a request shows who sends it: an authentication, and a signature beside it. */
import { createHmac } from "node:crypto";
import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { PeerConfig } from "../config.ts";
import type { PeerRequest } from "../sources/source.ts";
import { AccessToken, type TokenMeans } from "./access_token.ts";
import { basic } from "./basic.ts";
import { clientCredentialsToken } from "./client_credentials.ts";
import { isTokenRefused, loginToken, shownLogin } from "./login.ts";
import { webhookSignature } from "./webhook_signature.ts";

/** What goes with one request. */
export interface ShownCredentials {
  headers: Record<string, string>;
  /** The query with what belongs to it, and its question mark; empty without one. */
  search: string;
  /** Instead of the request's own, where the token stands in it. */
  body?: string;
  /** The access token among them. */
  token?: string;
}

export class Credentials {
  readonly #config: PeerConfig;
  readonly #clock: Clock;
  readonly #token: AccessToken | undefined;

  /** `agent` reaches the token's server by the peer's own TLS. */
  constructor(connection: string, config: PeerConfig, agent: Dispatcher, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    const means: TokenMeans = { agent, clock, seconds: config.request_seconds };
    const issue = issuer(connection, config, means);
    this.#token = issue && new AccessToken(clock, issue);
  }

  /** Whether an answer says that the token shown is refused, so that a new one is asked for. */
  isRefusal(status: number, body: Buffer): boolean {
    const { auth } = this.#config;
    return status === 401 || (auth.type === "login" && isTokenRefused(auth, body));
  }

  /** Of a request; asks for an access token where none is at hand. */
  async of(url: URL, request: PeerRequest): Promise<ShownCredentials> {
    return this.#with(url, request, await this.#token?.current());
  }

  /** After a refusal: with a newer access token; nothing when these credentials are never renewed. */
  async renewed(
    url: URL,
    request: PeerRequest,
    refused: ShownCredentials,
  ): Promise<ShownCredentials | undefined> {
    if (this.#token === undefined || refused.token === undefined) return undefined;
    return this.#with(url, request, await this.#token.after(refused.token));
  }

  #with(url: URL, request: PeerRequest, token: string | undefined): ShownCredentials {
    const { auth } = this.#config;
    const shown = new URL(url);
    const login = auth.type === "login" ? shownLogin(auth, token ?? "", request) : undefined;
    const query = auth.type === "query" ? { [auth.name]: auth.value.reveal() } : login?.query;
    for (const [name, value] of Object.entries(query ?? {})) shown.searchParams.append(name, value);
    const path = shown.pathname + shown.search;
    // What is signed is what is sent.
    const sent = login?.body === undefined ? request : { ...request, body: login.body };
    return {
      headers: {
        ...(login?.headers ?? authorization(auth, token)),
        ...this.#signature(path, sent),
        ...webhookSignature(this.#config.sign_webhooks?.keys, sent, this.#clock.now()),
      },
      search: shown.search,
      ...(login?.body !== undefined && { body: login.body }),
      ...(token !== undefined && { token }),
    };
  }

  #signature(path: string, { method, body = "" }: PeerRequest): Record<string, string> {
    const { sign } = this.#config;
    if (sign === undefined) return {};
    const now = this.#clock.now();
    const timestamp = {
      epoch: String(Math.floor(now.getTime() / 1000)),
      epoch_ms: String(now.getTime()),
      iso: now.toISOString(),
    }[sign.timestamp];
    const parts: Readonly<Record<string, string | Buffer>> = { method, path, body, timestamp };
    const hmac = createHmac(sign.algorithm, sign.key.reveal());
    for (const part of sign.message) {
      hmac.update(part.startsWith("text:") ? part.slice(5) : (parts[part] ?? ""));
    }
    return {
      [sign.header]: `${sign.prefix}${hmac.digest(sign.encoding)}`,
      ...(sign.timestamp_header !== undefined && { [sign.timestamp_header]: timestamp }),
    };
  }
}

/** How a token is asked for, where these credentials have one. */
function issuer(connection: string, { auth, base_url }: PeerConfig, means: TokenMeans) {
  if (auth.type === "oauth2") return () => clientCredentialsToken(connection, auth, means);
  if (auth.type === "login") return () => loginToken(connection, base_url, auth, means);
  return undefined;
}

function authorization(
  auth: PeerConfig["auth"],
  token: string | undefined,
): Record<string, string> {
  switch (auth.type) {
    case "bearer":
      return { authorization: `Bearer ${auth.token.reveal()}` };
    case "header":
      return { [auth.name]: auth.value.reveal() };
    case "basic":
      return { authorization: basic(auth.user, auth.password.reveal()) };
    case "oauth2":
      return { authorization: `Bearer ${token ?? ""}` };
    default:
      return {};
  }
}
