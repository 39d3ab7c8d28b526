/**
 * By which name an answer reaches the order that it answers.
 *
 * What we send has one interchange, group and set for each order, change or cancellation, all under
 * the order's own number. So the carrier's acknowledgement, which knows nothing but control numbers,
 * names the shipment by an id of this connection: the receipt of the order declares it.
 */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { ReadingBuilder } from "../shared/reading/reading.ts";

/** GS01 of the groups in which our orders leave. */
export const ORDERS = "SM";

/** The order's name by control number, without the zeros that pad it (ISA13, GS06, AK102, TA101). */
export function orderName(control: string): Identifier {
  return { type: "entity", value: `${ORDERS}/${control.replace(/^0+(?=.)/, "")}` };
}

export interface Rejection {
  path: string;
  /** The control number that was rejected. */
  control: string;
  /** UTC, when the partner said so. */
  at: string;
  /** Kind and verdict: `997/R`. */
  raw: string;
  words: readonly string[];
}

/**
 * Tells the order's shipment that the partner rejected it. It has no meaning of its own there: after
 * an accepted tender, a rejected change leaves the tender standing.
 */
export function addRejection(builder: ReadingBuilder, rejection: Rejection): void {
  const { path, control, at, raw, words } = rejection;
  const name = orderName(control);
  builder.milestone(
    {
      kind: "milestone",
      message_path: path,
      identifiers: [name],
      applies_to: "one",
      recorded_at: at,
      source_event: `${name.value}|${raw}`.slice(0, 128),
      classifier: "actual",
      occurred: { at, precision: "minute", zone_inferred: true },
      reasons: [{ code: "other", raw }],
      raw_code: raw,
      raw_text: ["our order was rejected", ...words].join("; ").slice(0, 512),
    },
    name.value,
  );
}
