/** The lines of an 861 (RCD) and a 944 (W07) as quantities: shipped = accepted + damaged + short + refused. */
import { Decimal } from "decimal.js";
import {
  type Condition,
  quantitiesOfLine,
  type ReceivedLine,
} from "../../shared/reading/received.ts";
import { lookup } from "../codes/lookup.ts";
import type { SetContext } from "../set_context.ts";
import { productAt, quantityAt } from "./goods_at.ts";
import type { QuantityLine } from "./lading.ts";

/** The contract's limit. */
const MAX_QUANTITIES = 500;

/** Element 412 of release 004010; 07 is good condition, and the others say nothing of how many came. */
const CONDITIONS: Readonly<Record<string, Condition>> = {
  "01": { outcome: "accepted_damaged", reason: "damage" },
  "02": { outcome: "short", reason: "shortage_overage" },
  "03": { outcome: "over", reason: "shortage_overage" },
  "04": { outcome: "accepted_damaged", reason: "damage" },
  "05": { outcome: "refused", reason: "shortage_overage" },
  "08": { outcome: "refused", reason: "refused" },
  "12": { outcome: "over", reason: "shortage_overage" },
};
const GOOD = "07";

interface Line extends ReceivedLine {
  /** Index of its first segment. */
  index: number;
}

/** RCD: received, returned, and up to five quantities in question with their condition; SN1, LIN, PID. */
export function readReceived(context: SetContext): QuantityLine[] {
  const lines: Line[] = [];
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "RCD") lines.push(readRcd(context, index));
    const line = lines.at(-1);
    if (line === undefined) continue;
    if (id === "SN1" && context.text(index, 3, 32) === line.unit) {
      line.shipped = quantityAt(context, index, 2);
    } else if (id === "LIN") line.goods = productAt(context, index, pairsFrom(2), 128);
    else if (id === "PID") line.description ??= context.text(index, 5);
  }
  return quantitiesOf(context, lines);
}

function readRcd(context: SetContext, index: number): Line {
  const line = newLine(context, index, 2, 3);
  const returned = quantityAt(context, index, 4);
  if (returned?.gt(0)) {
    line.exceptions.push({ quantity: returned, outcome: "refused", reason: "refused" });
  }
  for (const n of [6, 9, 12, 15, 18]) addException(context, line, index, n, n + 2);
  return line;
}

/** W07: received, with its exceptions in W13 and the description in G69. */
export function readStock(context: SetContext): QuantityLine[] {
  const lines: Line[] = [];
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "W07") {
      const line = newLine(context, index, 1, 2);
      line.goods = productAt(context, index, pairsFrom(4), 128) ?? context.text(index, 3, 128);
      lines.push(line);
    }
    const line = lines.at(-1);
    if (line === undefined) continue;
    if (id === "W13") addException(context, line, index, 1, 3);
    else if (id === "G69") line.description ??= context.text(index, 1);
  }
  return quantitiesOf(context, lines);
}

function newLine(context: SetContext, index: number, quantity: number, unit: number): Line {
  return {
    index,
    received: quantityAt(context, index, quantity) ?? new Decimal(0),
    unit: context.text(index, unit, 32),
    shipped: undefined,
    goods: undefined,
    description: undefined,
    exceptions: [],
    refused: "beside",
  };
}

function addException(
  context: SetContext,
  line: Line,
  index: number,
  n: number,
  code: number,
): void {
  const quantity = quantityAt(context, index, n);
  const raw = context.text(index, code, 4);
  if (quantity === undefined || quantity.isZero() || raw === GOOD) return;
  const condition = lookup(CONDITIONS, raw);
  if (condition !== undefined) line.exceptions.push({ quantity, ...condition });
  else {
    const text = `no meaning is known for the receiving condition ${raw ?? "-"}`;
    context.finding("warning", "unmapped_code", text, index, { element: code });
  }
}

/** Pairs of qualifier and number stand one behind the other. */
const pairsFrom = (first: number) => Array.from({ length: 15 }, (_, at) => first + 2 * at);

function quantitiesOf(context: SetContext, lines: readonly Line[]): QuantityLine[] {
  const quantities = lines.flatMap((line) => quantitiesIn(context, line));
  if (quantities.length > MAX_QUANTITIES) {
    const text = `${quantities.length} quantities; the first ${MAX_QUANTITIES} were taken`;
    context.builder.finding("error", "quantities_cut", context.set.path, text);
  }
  return quantities.slice(0, MAX_QUANTITIES);
}

function quantitiesIn(context: SetContext, line: Line): QuantityLine[] {
  const { quantities, fault } = quantitiesOfLine(line);
  if (fault !== undefined) context.finding("error", "bad_quantity", fault, line.index);
  return quantities;
}
