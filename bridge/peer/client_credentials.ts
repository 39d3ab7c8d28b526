/** An access token by OAuth 2 client credentials (RFC 6749, section 4.4). */
import { z } from "zod";
import type { PeerConfig } from "../config.ts";
import {
  askForToken,
  type IssuedToken,
  noToken,
  tokenFault,
  type TokenMeans,
} from "./access_token.ts";
import { basic } from "./basic.ts";

type OAuth2 = Extract<PeerConfig["auth"], { type: "oauth2" }>;

const tokenAnswer = z.object({
  access_token: z.string().min(1).max(16_000),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().min(1).max(31_536_000).optional(),
});

/** A token is renewed so long before its end, or a tenth of its life, whichever is shorter. */
const EARLY_MS = 60_000;
const MEMBERS = "token_url, client_id, client_secret, scope";

/** Throws MilepostError as `AccessToken.after`. */
export async function clientCredentialsToken(
  connection: string,
  auth: OAuth2,
  means: TokenMeans,
): Promise<IssuedToken> {
  const { token_url, client_id, client_secret, scope, parameters, credentials } = auth;
  const secret = client_secret.reveal();
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    ...(scope !== undefined && { scope }),
    ...parameters,
    ...(credentials === "body" && { client_id, client_secret: secret }),
  });
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    // RFC 6749, section 2.3.1: both are form-encoded first.
    ...(credentials === "basic" && {
      authorization: basic(encodeURIComponent(client_id), encodeURIComponent(secret)),
    }),
  };
  const url = new URL(token_url);
  const { status, text } = await askForToken(connection, means, url, headers, form.toString());
  const fault = tokenFault(connection, MEMBERS, status);
  if (fault !== undefined) throw fault;
  const answer = tokenAnswer.safeParse(parsed(text));
  if (!answer.success) throw noToken(connection, MEMBERS);
  const { access_token, expires_in = 3600 } = answer.data;
  const life = expires_in * 1000;
  return { text: access_token, lifeMs: life - Math.min(EARLY_MS, life / 10) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
