/**
 * 945, shipping advice of a warehouse: what it loaded of our order, in which packages.
 *
 * The packages' numbers become names of the shipment; lines, lots and packages are the loading's.
 */
import type { Identifier } from "../../../canonical/identifiers.ts";
import { lineText, linesText, loadedOf } from "../../shared/reading/loaded.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import { zoneOfParty } from "../geography.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { namesAt } from "./names.ts";
import { readShipped } from "./shipped.ts";

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
  const identity = identityOf(context, w06, first.value, occurred.at);
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
      source_event: sourceEventOf(["945", ...identity]),
      version: context.recordedAt,
      code: "loaded" as const,
      classifier: "actual" as const,
      occurred,
      stop: { kind: "pickup" as const },
      raw_code: "945",
      ...readLoaded(context),
    }),
    first.value,
  );
  declarePackages(context, common, first.value, identity);
}

/**
 * What tells one advice of a shipment from another: the warehouse's own number of it (W0605), the
 * link number within a master (W0607, W0608), or the bill of lading. A shipment that leaves in parts
 * has one for each; a corrected one comes under that of what it corrects. Where none is told, all of
 * one time are the same advice.
 */
function identityOf(context: SetContext, w06: number, shipment: string, at: string): string[] {
  const said = [5, 7, 8].map((n) => context.text(w06, n, 128) ?? "");
  const bols = [...context.segments.keys()]
    .filter((it) => context.segments[it]?.id === "N9" && context.text(it, 1, 4) === "BM")
    .map((it) => context.text(it, 2, 128) ?? "");
  const names = said.some((it) => it !== "") ? said : bols.slice(0, 1);
  return names.some((it) => it !== "") ? [shipment, ...names] : [shipment, at];
}

/** The lines and packages; what differs from the order is said. */
function readLoaded(context: SetContext) {
  const { lines, packages } = readShipped(context);
  for (const line of lines) {
    if (line.ordered === undefined || line.ordered.eq(line.quantity)) continue;
    const code = line.quantity.lt(line.ordered) ? "short_shipped" : "over_shipped";
    const text = `${lineText(line)} were shipped`;
    context.finding("warning", code, text, line.index, { element: 3 });
  }
  const { loaded, cut } = loadedOf(lines, packages);
  if (cut) {
    const text = "the advice has more lines or packages than 500; the first were taken";
    context.builder.finding("error", "quantities_cut", context.set.path, text);
  }
  return { loaded, raw_text: linesText(lines) };
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
  identity: readonly string[],
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
      source_event: sourceEventOf(["945", ...identity, "names"]),
      declares: declares.slice(0, MAX_NAMES),
      stops: [],
    },
    "eta",
    lane,
  );
}
