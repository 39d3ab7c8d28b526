/** Reads what the partner shows of an order now as a message of his. */
import { createHash } from "node:crypto";
import type { ToldOrder } from "../canonical/told_order.ts";
import type { Connection } from "../connection.ts";
import { differenceOf } from "./difference.ts";
import { shownOf } from "./one_order.ts";
import type { ComparisonParts } from "./parts.ts";

type Parts = Pick<ComparisonParts, "api" | "inbox" | "onAccepted" | "clock">;

export async function lookAgain(
  connection: Connection,
  { api, inbox, onAccepted, clock }: Parts,
  order: ToldOrder,
  signal: AbortSignal,
): Promise<void> {
  const { code } = connection;
  const shown = await shownOf(connection, order, signal);
  const message = shown.standing === "there" ? shown.message : undefined;
  if (message !== undefined) {
    const sha256 = createHash("sha256").update(message.body).digest("hex");
    const receivedAt = clock.now().getTime();
    const stored = { ...message, connection: code, channel: "poll" as const, receivedAt };
    await inbox.accept([{ ...stored, dedupeKey: `order ${order.id} ${sha256}` }]);
    onAccepted();
  }
  const difference = differenceOf(order, shown);
  await api.reportDifferences(
    code,
    [order.id],
    difference === undefined ? [] : [difference],
    signal,
  );
}
