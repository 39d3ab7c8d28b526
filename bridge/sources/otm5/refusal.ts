/** The partner's no: what it found wrong with what we sent. */
import { parseDocument } from "../shared/json/document.ts";
import { JsonNode } from "../shared/json/node.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
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
  const root = documentOf(response);
  const reason = (root && reasonOf(root)) ?? `the partner refused ${what} (${response.status})`;
  return { result: "rejected", reason };
}

/** What an answer says is wrong; nothing when it gives no reason. */
export function reasonOf(root: JsonNode): string | undefined {
  const list = Array.isArray(root.value) ? root.items() : [root];
  const faults = list.flatMap((it) => {
    const text = it.firstText(["message", "detail", "title", "error", "reason"], 200);
    const field = it.at("field").text(100);
    return text === undefined ? [] : [field === undefined ? text : `${field}: ${text}`];
  });
  return faults.length === 0 ? undefined : faults.join("; ").slice(0, MAX_REASON);
}

/**
 * A refusal that may be a proxy's or a gateway's, and not the partner's word on what was sent: a
 * web page, or a 404 without OTM's list of what is wrong. It is tried again before it counts.
 */
export function isUnsure(response: PeerResponse): boolean {
  if (!REFUSALS.includes(response.status)) return false;
  return isPage(response) || (response.status === 404 && !isClientError(response));
}

/** Throws away no order on one bad deployment of a partner's gateway. */
export function unsure({ status }: PeerResponse, what: string): MilepostError {
  return new MilepostError(`otm5: ${status} for ${what}, which may be a proxy's answer`, {
    code: "bad_answer",
    retry: "later",
    culprit: "otm5",
    hint: "check peer.base_url and the paths in settings when this stays",
  });
}

/** A web page is no answer of a TMS. */
export function isPage({ headers, body }: PeerResponse): boolean {
  const type = headers["content-type"] ?? "";
  return type.startsWith("text/html") || /^\s*</.test(body.toString("utf8", 0, 64));
}

function isClientError(response: PeerResponse): boolean {
  const root = documentOf(response);
  return Array.isArray(root?.value) && reasonOf(root) !== undefined;
}

/** A refusal in plain text is a refusal all the same. */
function documentOf({ body }: PeerResponse): JsonNode | undefined {
  try {
    return new JsonNode(parseDocument("otm5", body));
  } catch {
    return undefined;
  }
}
