/**
 * Answers 413 the moment a body is over the limit. body-parser would read such a body to its end
 * first, which a sender without Content-Length can put off as long as the request may take.
 */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { OpenBodies } from "./open_bodies.ts";

export interface BodyRefusals {
  tooLarge(response: Response): void;
  /** The sender's address has too many bodies open. */
  tooMany(response: Response): void;
  /** All open bodies together hold too much. */
  unavailable(response: Response): void;
}

/** A middleware to stand directly before the one that reads the body. */
export function bodyLimit(
  limit: number,
  bodies: OpenBodies,
  refusals: BodyRefusals,
): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    const body = bodies.open(request.ip ?? "");
    if (body === undefined) return refusals.tooMany(response);
    request.once("end", body.close);
    response.once("close", body.close);
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      const fits = body.add(chunk.length);
      if (bytes <= limit && fits) return;
      request.off("data", count);
      response.once("finish", () => request.destroy());
      if (bytes > limit) refusals.tooLarge(response);
      else refusals.unavailable(response);
    };
    request.on("data", count);
    next();
  };
}
