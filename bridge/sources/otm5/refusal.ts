/** The partner's no: what it found wrong with what we sent. */
import { parseDocument } from "../shared/json/document.ts";
import { JsonNode } from "../shared/json/node.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { PeerResponse } from "../source.ts";

/** Refusals of what was said; everything else is a fault of the way. */
export const REFUSALS: readonly number[] = [400, 404, 409, 410, 422];
const MAX_REASON = 512;

/**
 * OTM's clientError: a list of what is wrong, field by field.
 *
 * @param what what was refused, for answers that give no reason
 */
export function refusal(response: PeerResponse, what: string): OrderReceipt {
  const fallback = `the partner refused ${what} (${response.status})`;
  let faults: string[] = [];
  try {
    const root = new JsonNode(parseDocument("otm5", response.body));
    const list = Array.isArray(root.value) ? root.items() : [root];
    faults = list.flatMap((it) => {
      const text = it.firstText(["message", "detail", "title", "error"], 200);
      const field = it.at("field").text(100);
      return text === undefined ? [] : [field === undefined ? text : `${field}: ${text}`];
    });
  } catch {
    // A refusal in plain text or HTML is a refusal all the same.
  }
  return { result: "rejected", reason: (faults.join("; ") || fallback).slice(0, MAX_REASON) };
}
