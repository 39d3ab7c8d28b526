/**
 * The lines of a 945: LX begins a package or pallet with its marks (MAN), W12 tells what is in it.
 *
 * 004010: W12 02 ordered, 03 shipped, 05 unit, 06 UPC, then pairs of qualifier and number at 07, 17
 * and 21; N9*LT a lot.
 */
import { Decimal } from "decimal.js";
import type { LoadedPackage, ToldLine } from "../../shared/reading/loaded.ts";
import type { SetContext } from "../set_context.ts";
import { productAt, quantityAt } from "./goods_at.ts";

/** Where pairs of qualifier and number of a W12 begin. */
const W12_GOODS = [7, 17, 21];
/** MAN01 (element 88): which marks are SSCCs, and which other numbers of a package. */
const MARKS: Readonly<Record<string, boolean>> = { AA: true, GM: true, CP: false, CA: false };

export interface ShippedLine extends ToldLine {
  /** Index of its W12. */
  index: number;
  lots: string[];
}

interface Unit {
  lines: ShippedLine[];
  marks: LoadedPackage[];
}

/** What was shipped, and in which packages; a line of a unit with several marks is in none of them. */
export function readShipped(context: SetContext): {
  lines: ShippedLine[];
  packages: LoadedPackage[];
} {
  let unit: Unit = { lines: [], marks: [] };
  const units = [unit];
  let line: ShippedLine | undefined;
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "LX") {
      line = undefined;
      units.push((unit = { lines: [], marks: [] }));
    } else if (id === "MAN") unit.marks.push(...marksAt(context, index));
    else if (id === "W12") {
      line = lineAt(context, index);
      if (line !== undefined) unit.lines.push(line);
    } else addTo(context, line, index);
  }
  for (const { lines, marks } of units) {
    const [only, ...others] = marks;
    if (others.length === 0) for (const one of lines) one.package = only;
  }
  return {
    lines: units.flatMap((it) => it.lines),
    packages: units.flatMap((it) => it.marks),
  };
}

/** Without a quantity nothing of it was shipped; one whose quantity cannot be read says nothing. */
function lineAt(context: SetContext, index: number): ShippedLine | undefined {
  const isTold = context.text(index, 3, 24) !== undefined;
  const quantity = isTold ? quantityAt(context, index, 3) : new Decimal(0);
  if (quantity === undefined) return undefined;
  return {
    index,
    goods: productAt(context, index, W12_GOODS, 80) ?? context.text(index, 6, 80),
    description: undefined,
    quantity,
    ordered: quantityAt(context, index, 2),
    unit: context.text(index, 5, 8),
    lots: [],
    package: undefined,
  };
}

/** Segments below a W12. */
function addTo(context: SetContext, line: ShippedLine | undefined, index: number): void {
  if (line === undefined) return;
  const { id } = context.segments[index] ?? {};
  if (id === "G69") line.description ??= context.text(index, 1, 256);
  if (id !== "N9" || context.text(index, 1, 4) !== "LT") return;
  const lot = context.text(index, 2, 64);
  if (lot !== undefined) line.lots.push(lot);
}

function marksAt(context: SetContext, index: number): LoadedPackage[] {
  const marks: LoadedPackage[] = [];
  for (const [qualifier, from, to] of [
    [1, 2, 3],
    [4, 5, 6],
  ] as const) {
    const kind = context.text(index, qualifier, 4) ?? "";
    const mark = context.text(index, from, 48);
    const isKnown = Object.hasOwn(MARKS, kind);
    // A range names no single package; `namesAt` says so.
    if (!isKnown || mark === undefined || context.text(index, to) !== undefined) continue;
    marks.push({ mark, isSscc: MARKS[kind] === true });
  }
  return marks;
}
