/** An event as its message means it: said, said anew, or withdrawn (BGM 1225). */
import { createHash } from "node:crypto";
import { defined, type UnkeyedMilestone } from "../shared/reading/reading.ts";
import type { MessageContext } from "./message_context.ts";

const CANCELLATION = "1";
/** Replacement and change: newer versions of what was said. */
const CORRECTIONS = new Set(["4", "5"]);

export function isCancellation(context: MessageContext): boolean {
  return context.function === CANCELLATION;
}

/**
 * Cancels what an earlier message said, says it anew, or says it. `dated` is false for an event
 * whose time is only that of the message: sent again in another message it is the same event.
 */
export function sayMilestone(
  context: MessageContext,
  milestone: UnkeyedMilestone,
  lane: string,
  dated = true,
): void {
  const source_event = eventId(context, milestone, dated);
  if (isCancellation(context)) {
    const { identifiers, recorded_at, message_path } = milestone;
    context.builder.add(
      defined({
        kind: "retraction" as const,
        message_path,
        identifiers,
        applies_to: "one" as const,
        recorded_at,
        target: { source_event },
      }),
      "billing",
      lane,
    );
    return;
  }
  const version = CORRECTIONS.has(context.function) ? { version: context.recordedAt } : {};
  context.builder.milestone({ ...milestone, source_event, ...version }, lane);
}

/**
 * What a cancellation repeats of the event that it cancels: document, shipment, code, time and
 * place. Document numbers alone come back with every event of a shipment.
 */
function eventId(context: MessageContext, milestone: UnkeyedMilestone, dated: boolean): string {
  const { identifiers, raw_code, occurred, place } = milestone;
  const parts = [
    context.message.interchange.sender[0] ?? "",
    context.document,
    identifiers[0]?.value,
    raw_code,
    dated ? occurred.at : undefined,
    place?.unlocode ?? place?.name,
  ];
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 40);
}
