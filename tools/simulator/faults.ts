/** The TMS having a bad day: answers that no client should choke on. */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { Random } from "./random.ts";

export const FAULT_KINDS = [
  "too_many",
  "too_many_without_hint",
  "error",
  "hang",
  "truncated",
  "reset",
  "wrong_content",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultPlan {
  kinds: readonly FaultKind[];
  /** The next so many requests fail. */
  count?: number;
  /** Each request fails with this probability, until `calm`. */
  probability?: number;
}

export class Faults {
  readonly #random: Random;
  readonly #hanging = new Set<Response>();
  #kinds: readonly FaultKind[] = FAULT_KINDS;
  #count = 0;
  #probability = 0;
  /** How many requests failed, by kind. */
  readonly made = new Map<FaultKind, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  plan({ kinds, count, probability }: FaultPlan): void {
    if (kinds.length > 0) this.#kinds = kinds;
    if (count !== undefined) this.#count = count;
    if (probability !== undefined) this.#probability = probability;
  }

  calm(): void {
    this.#count = 0;
    this.#probability = 0;
  }

  /** Ends what still hangs. */
  release(): void {
    for (const response of this.#hanging) response.socket?.destroy();
    this.#hanging.clear();
  }

  readonly middleware: RequestHandler = (request, response, next) => {
    const isCounted = this.#count > 0;
    if (isCounted) this.#count -= 1;
    if (!isCounted && !this.#random.chance(this.#probability)) return next();
    const kind = this.#random.pick(this.#kinds);
    this.made.set(kind, (this.made.get(kind) ?? 0) + 1);
    this.#fail(kind, request, response, next);
  };

  #fail(kind: FaultKind, request: Request, response: Response, next: NextFunction): void {
    if (kind === "too_many") response.status(429).set("Retry-After", "1").end();
    else if (kind === "too_many_without_hint") response.status(429).end();
    else if (kind === "error") response.status(500).type("text/plain").send("Internal error");
    else if (kind === "wrong_content") response.type("html").send("<h1>Please log in</h1>");
    else if (kind === "hang") {
      this.#hanging.add(response);
      response.once("close", () => this.#hanging.delete(response));
    } else {
      // The order is taken; only the answer is lost on its way.
      spoilAnswer(kind, response);
      next();
    }
    void request;
  }
}

/** Lets the request be carried out and spoils what comes back. */
function spoilAnswer(kind: "truncated" | "reset", response: Response): void {
  response.json = (body: unknown) => {
    const text = JSON.stringify(body);
    if (kind === "reset") response.socket?.resetAndDestroy();
    else response.type("application/json").send(text.slice(0, Math.floor(text.length / 2)));
    return response;
  };
}
