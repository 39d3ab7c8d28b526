/**
 * Who may use the admin interface: on its port who knows a token, by its role, on its unix socket who may
 * write to the socket. The health checks are open on both.
 */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Secret } from "../config.ts";
import { sendProblem } from "../http_problem.ts";

export type Access =
  | { by: "socket" }
  | {
      by: "token";
      /** Without any nothing but the health checks is open. */
      tokens: Readonly<Record<Role, Secret | undefined>>;
      hosts: readonly string[];
    };

/** `read` looks; `operate` may change something, too. */
const ROLES = ["read", "operate"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as the audit names them. */
export function askedBy(response: Response): string {
  return `admin ${String(response.locals["by"])}`;
}

/** A web page that somebody opens on this machine must not be able to command the bridge. */
export function refuseBrowsers(request: Request, response: Response, next: NextFunction): void {
  if (request.headers.origin === undefined) return next();
  sendProblem(response, { code: "forbidden", status: 403, title: "Not for web pages" });
}

/**
 * A name that a web page made to point here (DNS rebinding) is not one of ours. An address is no
 * name: it cannot be made to point anywhere.
 */
export function requireHost(access: Access): RequestHandler {
  return (request, response, next) => {
    if (access.by === "socket") return next();
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    const known = ["localhost", ...access.hosts];
    if (isIP(host) !== 0 || known.includes(host.toLowerCase())) return next();
    sendProblem(response, {
      code: "admin_host",
      status: 421,
      title: "Not a name of this host",
      detail: "Ask by address, or name the host in admin.hosts.",
    });
  };
}

function refuseRole(response: Response): void {
  const detail = "The token of admin.read_token only looks; admin.token may change something.";
  sendProblem(response, { code: "forbidden", status: 403, title: "Not with this token", detail });
}

export function requireAccess(access: Access): RequestHandler {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const isToken = (given: Buffer, token: Secret | undefined) =>
    token !== undefined && timingSafeEqual(given, digest(`Bearer ${token.reveal()}`));
  return (request, response, next) => {
    if (access.by === "socket") {
      response.locals["by"] = "socket";
      return next();
    }
    const given = digest(request.headers.authorization ?? "");
    const role = ROLES.filter((it) => isToken(given, access.tokens[it])).at(-1);
    if (role !== undefined) {
      response.locals["by"] = role;
      return role === "operate" || request.method === "GET" ? next() : refuseRole(response);
    }
    const token = access.tokens.operate ?? access.tokens.read;
    response.setHeader("WWW-Authenticate", "Bearer");
    const detail = "No token is configured: set admin.token, or use the socket in data_dir.";
    sendProblem(response, {
      code: "unauthorized",
      status: 401,
      title: "The token is missing or wrong",
      ...(token === undefined && { detail }),
    });
  };
}
