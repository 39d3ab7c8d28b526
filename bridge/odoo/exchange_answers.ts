/** What is said of Odoo's answers. */
import type { z } from "zod";
import type { Verdict } from "../canonical/exchange.ts";
import { MilepostError } from "../errors.ts";
import { struck } from "../redaction.ts";

/** The first fault of an answer, with its place. */
export function issueOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join("/") ?? ""}: ${issue?.message ?? "no shape"}`;
}

/** Odoo's reason may repeat the call, the API key in it. */
export function withCleanReason(verdict: Verdict): Verdict {
  return verdict.reason === undefined ? verdict : { ...verdict, reason: struck(verdict.reason) };
}

/** An answer that is not as agreed (`later`). */
export function badAnswer(method: string, what: string): MilepostError {
  return new MilepostError(`Odoo's answer to ${method} is not as agreed: ${what}`, {
    code: "odoo_bad_answer",
    retry: "later",
    culprit: "odoo",
    hint: "install addon and bridge of the same release",
  });
}
