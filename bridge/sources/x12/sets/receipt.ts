/**
 * 861, receiving advice of the customer, and 944, receipt advice of a warehouse: whoever took the
 * goods says how many came, and in which state. That is a proof of delivery with quantities.
 *
 * A newer advice of the same number replaces an earlier one, a cancellation (BRA03 01) withdraws it.
 */
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import { zoneOfParty } from "../geography.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";
import type { QuantityLine } from "./lading.ts";
import { readReceived, readStock } from "./received.ts";

interface Advice {
  /** Index of its first segment. */
  index: number;
  number: string;
  names: readonly Named[];
  delivered: Instant | undefined;
  quantities: QuantityLine[];
  isCancelled: boolean;
}

/** Whose address the goods came to. */
const RECEIVERS = new Set(["ST", "WH", "BY", "CN"]);
/** DTM01 (element 374): received, delivered. */
const RECEIVED = ["050", "035"];

export function read861(context: SetContext): void {
  const index = context.indexOf("BRA");
  if (index === -1) return context.missing("BRA", "an 861 without BRA is no receiving advice");
  const number = context.text(index, 1, 64);
  const purpose = context.text(index, 3, 4) ?? "00";
  const zone = zoneOfParty(context, RECEIVERS);
  const dtm = RECEIVED.map((it) => dateOf(context, it)).find((it) => it !== undefined);
  tell(context, {
    index,
    number: number ?? "-",
    names: [],
    delivered:
      dtm === undefined
        ? context.instant(index, [2, 5], zone)
        : context.instant(dtm, [2, 3, 4], zone),
    quantities: readReceived(context),
    isCancelled: purpose === "01",
  });
}

export function read944(context: SetContext): void {
  const index = context.indexOf("W17");
  if (index === -1) return context.missing("W17", "a 944 without W17 is no receipt advice");
  const order = context.text(index, 4, 128);
  tell(context, {
    index,
    number: context.text(index, 3, 64) ?? order ?? "-",
    // W1704 is the number that we, whose goods these are, gave to the warehouse.
    names: [
      ...shipmentNumber(context.text(index, 5, 128)),
      ["shipment", order],
      ["customer_ref", order],
    ],
    delivered: context.instant(index, [2, 7], zoneOfParty(context, RECEIVERS)),
    quantities: readStock(context),
    isCancelled: false,
  });
}

function dateOf(context: SetContext, qualifier: string): number | undefined {
  const at = context.segments.findIndex(
    ({ id }, index) => id === "DTM" && context.text(index, 1, 4) === qualifier,
  );
  return at === -1 ? undefined : at;
}

function tell(context: SetContext, advice: Advice): void {
  const { index, number, delivered, quantities } = advice;
  const names = identifiers(
    ...advice.names,
    ...[...context.segments.keys()].flatMap((at) => namesAt(context, at)),
  );
  const { type } = context.set;
  if (names.length === 0) {
    return context.finding("error", "no_identifier", `the ${type} names no shipment`, index);
  }
  const lane = names[0]?.value ?? "-";
  const event = sourceEventOf([type, number]);
  if (advice.isCancelled) {
    context.builder.add(
      {
        kind: "retraction",
        message_path: context.path(index),
        identifiers: names,
        applies_to: "every",
        recorded_at: context.recordedAt,
        target: { source_event: event },
      },
      "billing",
      lane,
    );
    return;
  }
  if (quantities.length === 0) {
    return context.finding("error", "no_quantity", `the ${type} counts nothing`, index);
  }
  context.builder.add(
    defined({
      kind: "proof_of_delivery" as const,
      message_path: context.path(index),
      identifiers: names,
      applies_to: "one" as const,
      source_event: event,
      version: context.recordedAt,
      recorded_at: context.recordedAt,
      stop: { kind: "delivery" as const },
      delivered,
      quantities,
      remark: `${type} ${number}`.slice(0, 512),
    }),
    "billing",
    lane,
  );
}
