/**
 * Who may use the admin interface: on its port who knows the token, on its unix socket who may
 * write to the socket. The health checks are open on both.
 */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Secret } from "../config.ts";
import { sendProblem } from "../http_problem.ts";

export type Access =
  | { by: "socket" }
  /** Without a token nothing but the health checks is open. */
  | { by: "token"; token: Secret | undefined; hosts: readonly string[] };

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

export function requireAccess(access: Access): RequestHandler {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return (request, response, next) => {
    if (access.by === "socket") return next();
    const { token } = access;
    const given = digest(request.headers.authorization ?? "");
    if (token !== undefined && timingSafeEqual(given, digest(`Bearer ${token.reveal()}`))) {
      return next();
    }
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
