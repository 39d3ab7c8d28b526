/**
 * What a partner's system says of an order of ours (997, 999, TA1, CONTRL, APERAK), told to the
 * order's shipment.
 *
 * What we send has one interchange for each order, change or cancellation, all under the order's
 * own number. So an acknowledgement that knows nothing but control numbers names the shipment by an
 * id of this connection: the receipt of the order declares it.
 */
import type { MilestoneCode } from "../../../canonical/codes.ts";
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { ReadingBuilder } from "./reading.ts";

/** The order's name by the control number it left under, without the zeros that pad it. */
export function orderName(kind: string, control: string): Identifier {
  return { type: "entity", value: `${kind}/${control.replace(/^0+(?=.)/, "")}` };
}

export interface OrderAnswer {
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
export function addRejection(builder: ReadingBuilder, answer: OrderAnswer): void {
  add(builder, answer, "our order was rejected", {
    reasons: [{ code: "other", raw: answer.raw }],
  });
}

/**
 * Tells the order's shipment that the partner has it: tendered, and nothing more. That the carrier
 * takes the load is another message's word (990, IFTSTA).
 */
export function addReceipt(builder: ReadingBuilder, answer: OrderAnswer): void {
  add(builder, answer, "the partner received our order", { code: "tendered" });
}

interface Meaning {
  code?: MilestoneCode;
  reasons?: Array<{ code: "other"; raw: string }>;
}

function add(
  builder: ReadingBuilder,
  { path, names, at, raw, words }: OrderAnswer,
  said: string,
  meaning: Meaning,
): void {
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
      raw_code: raw,
      raw_text: [said, ...words].join("; ").slice(0, 512),
      ...meaning,
    },
    name.value,
  );
}
