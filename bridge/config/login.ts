/** A partner's own login service: a call with user and password, whose answer holds a token. */
import { z } from "zod";
import type { secretType } from "./secret.ts";
import { headerName, httpUrl } from "./values.ts";

/** Member names from the top of an answer: `Envelope.Body.getAuthResponse.return.authToken`. */
const memberPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, "member names, with dots between them");
const texts = z.record(z.string().min(1).max(100), z.string().max(1000));
const headers = z.record(headerName, z.string().max(1000)).default({});

export function loginType(secret: ReturnType<typeof secretType>) {
  return z.strictObject({
    type: z.literal("login"),
    /** An address, or a path below `peer.base_url`. */
    login_url: z.union([
      z
        .string()
        .regex(/^\/[^/]/)
        .max(1000),
      httpUrl,
    ]),
    user: z.string().min(1).max(500),
    password: secret,
    format: z.enum(["xml", "json", "form"]).default("json"),
    headers,
    /** With `{{user}}` and `{{password}}`. */
    body: z.string().min(1).max(10_000),
    token: memberPath,
    /** Where the answer says how long it lives: seconds, or the instant of its end. */
    expires: memberPath.optional(),
    /** How long it lives where the answer does not say. */
    hours: z.number().min(0.05).max(8760).default(24),
    /** A refusal of the token, or of the login, in an answer of any status, beside 401. */
    refused: z
      .strictObject({ at: memberPath, values: z.array(z.string().min(1).max(200)).min(1).max(50) })
      .optional(),
    /** How a request shows it, with `{{token}}` and `{{user}}`; `body`: in its own body. */
    show: z
      .strictObject({ headers, query: texts.default({}), body: z.boolean().default(false) })
      .refine(
        (it) => it.body || Object.keys({ ...it.headers, ...it.query }).length > 0,
        "say where requests show the token: headers, query or body",
      ),
  });
}
