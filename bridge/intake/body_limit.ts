/**
 * Answers 413 the moment a body is over the limit. body-parser would read such a body to its end
 * first, which a sender without Content-Length can put off as long as the request may take.
 */
import type { NextFunction, Request, RequestHandler, Response } from "express";

/** A middleware to stand directly before the one that reads the body; `refuse` sends the answer. */
export function bodyLimit(limit: number, refuse: (response: Response) => void): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= limit) return;
      request.off("data", count);
      response.once("finish", () => request.destroy());
      refuse(response);
    };
    request.on("data", count);
    next();
  };
}
