/**
 * Which answers of the partner an order that was sent calls for, and by when: a receipt of the
 * message (997, CONTRL), the carrier's answer (990, APERAK), the first status. Odoo holds the clocks,
 * because it alone knows what of the partner's later words is about the order.
 */
import type { ExpectedAnswer, OutboxItem } from "../canonical/exchange.ts";
import { toUtcText } from "../clock.ts";
import type { ConnectionConfig } from "../config.ts";
import type { AnswerHours } from "../sources/source.ts";

type Configured = ConnectionConfig["orders"]["expect"];

const HOUR_MS = 3_600_000;

/**
 * Receipt and answer count from the sending, the first status from the planned pickup when that is
 * later. A change or cancellation calls for a receipt alone: what follows it is the order's.
 */
export function expectedAnswers(
  item: OutboxItem,
  configured: Configured,
  usual: AnswerHours,
  sent: Date,
): ExpectedAnswer[] {
  if (item.kind === "outcome" || item.kind === "event") return [];
  const after = (hours: number | undefined, from: number) =>
    hours === undefined || hours === 0 ? undefined : toUtcText(new Date(from + hours * HOUR_MS));
  const now = sent.getTime();
  const receipt = after(configured.receipt_hours ?? usual.receipt, now);
  const expected: Array<{ answer: ExpectedAnswer["answer"]; by: string | undefined }> = [
    { answer: "receipt", by: receipt },
  ];
  if (item.kind === "transport_order") {
    const pickup = Math.max(now, ...pickups(item.payload.stops));
    expected.push(
      { answer: "answer", by: after(configured.answer_hours ?? usual.answer, now) },
      { answer: "status", by: after(configured.status_hours ?? usual.status, pickup) },
    );
  }
  return expected.flatMap(({ answer, by }) => (by === undefined ? [] : [{ answer, by }]));
}

type Stops = Extract<OutboxItem, { kind: "transport_order" }>["payload"]["stops"];

function pickups(stops: Stops): number[] {
  return stops
    .filter(({ kind }) => kind === "pickup")
    .flatMap(({ window_end: end, window_start: start }) => end ?? start ?? [])
    .map((it) => Date.parse(it));
}
