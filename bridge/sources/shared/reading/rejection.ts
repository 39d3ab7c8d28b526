/**
 * A partner's rejection of an order of ours, told to the order's shipment.
 *
 * What we send has one interchange for each order, change or cancellation, all under the order's
 * own number. So an acknowledgement that knows nothing but control numbers names the shipment by an
 * id of this connection: the receipt of the order declares it.
 */
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { ReadingBuilder } from "./reading.ts";

/** The order's name by the control number it left under, without the zeros that pad it. */
export function orderName(kind: string, control: string): Identifier {
  return { type: "entity", value: `${kind}/${control.replace(/^0+(?=.)/, "")}` };
}

export interface Rejection {
  path: string;
  /** What the partner calls the order. */
  names: readonly Identifier[];
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
  const { path, names, at, raw, words } = rejection;
  const [name] = names;
  if (name === undefined) return;
  builder.milestone(
    {
      kind: "milestone",
      message_path: path,
      identifiers: [...names],
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
