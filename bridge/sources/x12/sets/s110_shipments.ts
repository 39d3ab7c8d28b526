/** The shipments of a 110: its LX loops by waybill, and what each is called. */
import type { CarrierInvoice } from "../../../canonical/fact.ts";
import { IDENTIFIER_TYPES, type Identifier } from "../../../canonical/identifiers.ts";
import { identifiers } from "../../shared/reading/reading.ts";
import type { SetContext } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";

/** Indexes of segments. */
export type Part = readonly number[];

/** A shipment: its segments, of all loops that bear its waybill. */
export interface Shipment {
  part: Part;
  /** Its waybill, else another of its names; nothing of one that nothing names. */
  name: string | undefined;
  names: CarrierInvoice["identifiers"];
}

/** FedEx numbers its packages with 12, 15, 20 or 22 digits; an airline's waybill has eleven. */
const PACKAGE = /^(\d{12}|\d{15}|\d{20}|\d{22})$/;

/**
 * From each LX to the next, the last one to the summary: the last L3, unless the loops before have one
 * of their own and this is the only one that is left.
 */
export function loopsOf(context: SetContext): { loops: Part[]; outside: Part } {
  const where = (id: string) =>
    [...context.segments.keys()].filter((at) => context.segments[at]?.id === id);
  const starts = where("LX");
  const last = starts.at(-1) ?? -1;
  const totals = where("L3");
  const behind = totals.filter((at) => at > last);
  const isOwn = totals.length > behind.length && behind.length === 1;
  const end = (isOwn ? undefined : behind.at(-1)) ?? context.segments.length;
  const part = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  return {
    loops: starts.map((at, n) => part(at, starts[n + 1] ?? end)),
    outside: [...part(0, starts[0] ?? end), ...part(end, context.segments.length)],
  };
}

/**
 * The loops of one waybill (pieces, adjustments) are one shipment. What else loops have in common, an
 * order say, makes them none: those of one name are numbered.
 */
export function shipmentsOf(context: SetContext, loops: readonly Part[]): Shipment[] {
  const parts = new Map<string | symbol, Part[]>();
  for (const loop of loops) {
    const key = waybillOf(context, loop) ?? Symbol("no waybill");
    const known = parts.get(key);
    if (known === undefined) parts.set(key, [loop]);
    else known.push(loop);
  }
  const named = new Map<string, number>();
  return [...parts].map(([key, its]) => {
    const part = its.flat();
    const names = namesOf(context, part);
    if (typeof key === "string") return { part, name: key, names };
    const [first] = names.toSorted(byRank);
    if (first === undefined) return { part, name: undefined, names };
    const before = named.get(first.value) ?? 0;
    named.set(first.value, before + 1);
    return { part, name: before === 0 ? first.value : `${first.value}/${before + 1}`, names };
  });
}

/** The same in whatever order the message has them. */
function byRank(a: Identifier, b: Identifier): number {
  const rank = IDENTIFIER_TYPES.indexOf(a.type) - IDENTIFIER_TYPES.indexOf(b.type);
  return rank || (a.value < b.value ? -1 : 1);
}

function namesOf(context: SetContext, part: Part): CarrierInvoice["identifiers"] {
  return identifiers(...part.flatMap((at) => namesIn(context, at)));
}

/** A waybill of FedEx is a package's tracking number. */
function namesIn(context: SetContext, at: number): Named[] {
  const named = namesAt(context, at);
  const isWaybill = context.segments[at]?.id === "N9" && context.text(at, 1, 8) === "AW";
  const value = isWaybill ? context.text(at, 2, 128) : undefined;
  if (value === undefined || !PACKAGE.test(value)) return named;
  return [["tracking", value], ...named];
}

function waybillOf(context: SetContext, part: Part): string | undefined {
  const at = part.find(
    (it) => context.segments[it]?.id === "N9" && context.text(it, 1, 8) === "AW",
  );
  return at === undefined ? undefined : context.text(at, 2, 40);
}
