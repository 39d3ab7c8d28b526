/**
 * A token of a partner's own login service: a call with user and password, whose answer holds a
 * token that every request shows, in a header, the query, or its body (a SOAP header).
 */
import type { PeerConfig } from "../config.ts";
import type { PeerRequest } from "../sources/source.ts";
import {
  askForToken,
  type IssuedToken,
  noToken,
  tokenFault,
  type TokenMeans,
} from "./access_token.ts";
import { textAtPath, type Written, withMarkers, writtenAs } from "./login_text.ts";

type Login = Extract<PeerConfig["auth"], { type: "login" }>;

const HOUR_MS = 3_600_000;
const MEMBERS = "login_url, user, password, body, token";
const TYPES: Readonly<Record<Written, string>> = {
  xml: "text/xml; charset=utf-8",
  json: "application/json",
  form: "application/x-www-form-urlencoded",
};

/** Throws MilepostError as `AccessToken.after`. */
export async function loginToken(
  connection: string,
  base: string,
  auth: Login,
  means: TokenMeans,
): Promise<IssuedToken> {
  const { user, password, format, login_url } = auth;
  const body = withMarkers(auth.body, { user, password: password.reveal() }, format);
  const headers = { "content-type": TYPES[format], ...auth.headers };
  const url = new URL(login_url.replace(/^\//, ""), `${base}/`);
  const { status, text } = await askForToken(connection, means, url, headers, body);
  const isRefusal = isTokenRefused(auth, Buffer.from(text)) || status === 401 || status === 403;
  const fault = tokenFault(connection, MEMBERS, status, isRefusal);
  if (fault !== undefined) throw fault;
  const token = textAtPath(text, auth.token);
  if (token === undefined) throw noToken(connection, MEMBERS);
  const ends = auth.expires === undefined ? undefined : textAtPath(text, auth.expires);
  return { text: token, lifeMs: lifeOf(ends, means.clock.now()) ?? auth.hours * HOUR_MS };
}

/**
 * How long it lives: seconds, or the instant at which it ends (UTC where it tells no offset).
 * Nothing sensible gives undefined, so that a clock that is off never makes each request log in.
 */
function lifeOf(ends: string | undefined, now: Date): number | undefined {
  if (ends === undefined) return undefined;
  if (/^\d{1,8}$/.test(ends)) return Number(ends) * 1000 || undefined;
  const isLocal = !/(Z|[+-]\d\d:?\d\d)$/i.test(ends);
  const life = Date.parse(isLocal ? `${ends}Z` : ends) - now.getTime();
  return life > 0 ? life : undefined;
}

/** Longer answers are no refusal. */
const MAX_REFUSAL = 100_000;

/** Whether an answer, whatever its status, says that the token (or the login) is refused. */
export function isTokenRefused({ refused }: Login, body: Buffer): boolean {
  if (refused === undefined || body.length > MAX_REFUSAL) return false;
  const text = body.toString("utf8");
  if (!refused.values.some((it) => text.includes(it))) return false;
  const code = textAtPath(text, refused.at);
  return code !== undefined && refused.values.includes(code);
}

/** How the token goes with a request: what `show` says, `{{token}}` and `{{user}}` put in. */
export function shownLogin(
  { show, user }: Login,
  token: string,
  { body, headers = {} }: PeerRequest,
): { headers: Record<string, string>; query: Record<string, string>; body?: string } {
  const markers = { user, token };
  const filled = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, withMarkers(text, markers, "plain")]),
    );
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type");
  return {
    headers: filled(show.headers),
    query: filled(show.query),
    ...(show.body &&
      body !== undefined && {
        body: withMarkers(body.toString(), markers, writtenAs(type?.[1] ?? "")),
      }),
  };
}
