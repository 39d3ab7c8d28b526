/**
 * 945, shipping advice of a warehouse: what it loaded of our order, in which packages.
 *
 * The packages' numbers become names of the shipment. The model has no place for shipped quantities:
 * they stand in the milestone's text, and a line that is short is a finding.
 */
import { Decimal } from "decimal.js";
import type { Identifier } from "../../../canonical/identifiers.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import { zoneOfParty } from "../geography.ts";
import { decimalOf } from "../numbers.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { namesAt } from "./names.ts";

/** Where the goods lay. */
const SHIPPERS = new Set(["SF", "WH"]);
/** G62-01, element 432: shipped on this date. */
const SHIPPED = "11";
/** The contract's limit of the names that a plan declares. */
const MAX_NAMES = 200;

export function read945(context: SetContext): void {
  const w06 = context.indexOf("W06");
  if (w06 === -1) return context.missing("W06", "a 945 without W06 advises no shipment");
  const order = context.text(w06, 2, 128);
  const own = identifiers(
    ...shipmentNumber(context.text(w06, 4, 128)),
    ["shipment", order],
    ["customer_ref", order],
    ["po", context.text(w06, 6, 128)],
  );
  const [first] = own;
  if (first === undefined) {
    return context.finding("error", "no_identifier", "the 945 names no shipment", w06);
  }
  const zone = zoneOfParty(context, SHIPPERS);
  const g62 = context.segments.findIndex(
    ({ id }, at) => id === "G62" && context.text(at, 1, 4) === SHIPPED,
  );
  const occurred =
    g62 === -1 ? context.instant(w06, [3], zone) : context.instant(g62, [2, 4, 5], zone);
  if (occurred === undefined) return;
  const common = {
    message_path: context.path(w06),
    identifiers: own,
    applies_to: "one" as const,
    recorded_at: context.recordedAt,
  };
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      ...common,
      source_event: sourceEventOf(["945", first.value, occurred.at]),
      code: "loaded" as const,
      classifier: "actual" as const,
      occurred,
      stop: { kind: "pickup" as const },
      raw_code: "945",
      raw_text: shippedText(context),
    }),
    first.value,
  );
  declarePackages(context, common, first.value);
}

/** W12: ordered, shipped, difference, unit, and the product. */
function shippedText(context: SetContext): string | undefined {
  const lines = [...context.segments.keys()].flatMap((at) =>
    context.segments[at]?.id === "W12" ? [shippedLine(context, at)] : [],
  );
  return lines.length === 0 ? undefined : `shipped ${lines.join(", ")}`.slice(0, 512);
}

function shippedLine(context: SetContext, w12: number): string {
  const ordered = decimalOf(context.text(w12, 2, 24));
  const shipped = decimalOf(context.text(w12, 3, 24)) ?? "0";
  const goods = context.text(w12, 8, 80) ?? context.text(w12, 6, 80) ?? "goods";
  const unit = context.text(w12, 5, 8) ?? "";
  const isShort = ordered !== undefined && new Decimal(shipped).lt(ordered);
  if (isShort) {
    const text = `${shipped} of ${ordered} ${unit} ${goods} were shipped`;
    context.finding("warning", "short_shipped", text, w12, { element: 3 });
  }
  return [shipped, isShort ? `of ${ordered}` : "", unit, goods].filter((it) => it !== "").join(" ");
}

function declarePackages(
  context: SetContext,
  common: {
    message_path: string;
    identifiers: Identifier[];
    applies_to: "one";
    recorded_at: string;
  },
  lane: string,
): void {
  const found = [...context.segments.keys()].flatMap((at) => namesAt(context, at));
  const declares = [...common.identifiers];
  for (const name of found.flatMap((it) => identifiers(it))) {
    const known = declares.some((it) => it.type === name.type && it.value === name.value);
    if (!known && declares.length <= MAX_NAMES) declares.push(name);
  }
  if (declares.length === common.identifiers.length) return;
  if (declares.length > MAX_NAMES) {
    const text = `the advice names more than ${MAX_NAMES} packages; the first were taken`;
    context.builder.finding("warning", "identifiers_cut", context.set.path, text);
  }
  context.builder.add(
    {
      kind: "itinerary",
      ...common,
      source_event: sourceEventOf(["945", lane, "names"]),
      declares: declares.slice(0, MAX_NAMES),
      stops: [],
    },
    "eta",
    lane,
  );
}
