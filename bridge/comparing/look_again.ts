/** Reads what the partner shows of an order now as a message of his. */
import { createHash } from "node:crypto";
import type { ShownMessage, ToldOrder } from "../canonical/told_order.ts";
import type { Connection } from "../connection.ts";
import { differenceOf } from "./difference.ts";
import { shownOf } from "./one_order.ts";
import type { ComparisonParts } from "./parts.ts";

type Parts = Pick<ComparisonParts, "api" | "inbox" | "onAccepted" | "clock">;

/**
 * Odoo hears that it was looked at once the message is stored; before, and while the partner does not
 * say how the order stands, the look is still wanted. Gives whether it was looked at.
 */
export async function lookAgain(
  connection: Connection,
  parts: Parts,
  order: ToldOrder,
  signal: AbortSignal,
): Promise<boolean> {
  const shown = await shownOf(connection, order, signal);
  if (shown.standing === "unsure") return false;
  if (shown.standing === "there" && shown.message !== undefined)
    await readAgain(connection.code, parts, order, shown.message);
  const difference = differenceOf(order, shown);
  const differences = difference === undefined ? [] : [difference];
  await parts.api.reportDifferences(connection.code, [order.id], differences, signal);
  return true;
}

/** What was shown before in the same bytes is read, and told to Odoo, once more. */
async function readAgain(
  connection: string,
  { inbox, onAccepted, clock }: Parts,
  { id }: ToldOrder,
  message: ShownMessage,
): Promise<void> {
  const sha256 = createHash("sha256").update(message.body).digest("hex");
  const receivedAt = clock.now().getTime();
  const stored = { ...message, connection, channel: "poll" as const, receivedAt };
  const [taken] = await inbox.accept([{ ...stored, dedupeKey: `order ${id} ${sha256}` }]);
  if (taken?.duplicate === true) await inbox.replay(taken.id, receivedAt, "comparison");
  onAccepted();
}
