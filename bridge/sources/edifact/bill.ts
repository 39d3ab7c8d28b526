/**
 * The lines of a carrier's invoice out of its amounts: each thing once.
 *
 * INVOIC says the same money in several places: taxes by rate and their sum, charges where they
 * arise and again in the summary, a line with its charges and the charges. Which of them are parts
 * of which is laid down in 5025; where it leaves two readings, the one that comes to the total is
 * taken.
 */
import { Decimal } from "decimal.js";
import {
  type Amounts,
  firstOf,
  type GatheredCharge,
  type GatheredLine,
  type GatheredTax,
  type Line,
  sumOf,
} from "./amounts.ts";
import * as codes from "./money_codes.ts";

export interface Bill {
  lines: Line[];
  total: string;
  /** Whether the lines come to the total. */
  balanced: boolean;
  /** The total stands nowhere and was added up. */
  inferred: boolean;
}

/** The bill; nothing when no amount tells what it comes to. */
export function billOf(amounts: Amounts): Bill | undefined {
  const readings = [...lineReadings(amounts)].flatMap((lines) =>
    taxReadings(amounts).map((taxes) => [...lines, ...taxes]),
  );
  const [standard = []] = readings;
  const said = totalOf(amounts.totals);
  const total = said ?? inferredTotal(amounts, standard);
  if (total === undefined) return undefined;
  const fitting = readings.find((it) => sumOf(it).eq(total));
  const inferred = said === undefined;
  return { lines: fitting ?? standard, total, balanced: fitting !== undefined, inferred };
}

/** What the invoice comes to; what is still payable lacks what was paid before. */
function totalOf(totals: ReadonlyMap<string, string>): string | undefined {
  const total = firstOf(totals, codes.TOTALS);
  const payable = totals.get(codes.PAYABLE);
  if (total !== undefined || payable === undefined) return total;
  return new Decimal(payable).plus(firstOf(totals, codes.PREPAID) ?? 0).toFixed();
}

/** Only the lines' total is told: with charges and taxes that is the invoice's. */
function inferredTotal({ totals, lines }: Amounts, standard: readonly Line[]): string | undefined {
  const ofLines = totals.get(codes.LINES_TOTAL);
  if (ofLines === undefined) return undefined;
  const others = sumOf(standard).minus(sumOf(lines.flatMap((it) => linesOf(it, "within"))));
  return others.plus(ofLines).toFixed();
}

/** By the list a line's amount may hold its charges; some senders put them beside it. */
function* lineReadings(amounts: Amounts): Generator<Line[]> {
  const charges = countedCharges(amounts);
  for (const place of ["within", "beside"] as const) {
    yield [...amounts.lines.flatMap((it) => linesOf(it, place)), ...charges];
  }
}

/** A line without its charges, and these: together what the line comes to. */
function linesOf({ line, amounts, charges }: GatheredLine, place: "within" | "beside"): Line[] {
  const kind = codes.LINE_AMOUNTS.find((it) => amounts.has(it));
  const said = new Decimal((kind && amounts.get(kind)) ?? 0);
  const own = charges.flatMap(chargeLine);
  const within = kind !== undefined && codes.WITH_CHARGES.has(kind) && place === "within";
  const amount = within ? said.minus(sumOf(own)) : said;
  return [{ ...line, amount: amount.toFixed() }, ...own];
}

/** The charge with its amount; an allowance takes off. None when it has no amount. */
function chargeLine({ line, amounts, segment }: GatheredCharge): Line[] {
  const amount = firstOf(amounts, codes.CHARGE_AMOUNTS);
  if (amount === undefined) return [];
  const sign = segment.elements[0]?.[0] === "A" ? -1 : 1;
  return [{ ...line, amount: new Decimal(amount).times(sign).toFixed() }];
}

/** Charges of header and summary; the summary's only where it does not repeat the others. */
function countedCharges({ charges, lines, totals }: Amounts): Line[] {
  const itemised = [
    ...charges.filter((it) => it.scope !== "summary"),
    ...lines.flatMap((it) => it.charges),
  ];
  const repeated = (it: GatheredCharge) =>
    it.scope === "summary" &&
    repeats(
      it,
      itemised.filter((other) => sameCharge(it, other)),
    );
  const counted = charges.filter((it) => !repeated(it)).flatMap(chargeLine);
  if (charges.length + itemised.length > 0) return counted;
  // Charges that are told as a total and nowhere else.
  const said = { 131: 1, 259: 1, 260: -1 };
  return Object.entries(said).flatMap(([kind, sign]): Line[] => {
    const amount = totals.get(kind);
    if (amount === undefined) return [];
    const signed = new Decimal(amount).times(sign).toFixed();
    return [
      { charge_type: sign < 0 ? "discount" : "misc", amount: signed, raw_code: `MOA+${kind}` },
    ];
  });
}

const signOf = ({ segment }: GatheredCharge) => segment.elements[0]?.[0];

/** A total of the summary without a code is of all charges, or all allowances. */
function sameCharge(summary: GatheredCharge, other: GatheredCharge): boolean {
  if (signOf(summary) !== signOf(other)) return false;
  return summary.code === signOf(summary) || summary.code === other.code;
}

function repeats(summary: GatheredCharge, same: readonly GatheredCharge[]): boolean {
  if (same.length === 0) return false;
  if ([...summary.amounts.keys()].some((it) => codes.CHARGE_TOTALS.has(it))) return true;
  return sumOf(chargeLine(summary)).eq(sumOf(same.flatMap(chargeLine)));
}

/**
 * Taxes by rate, else their sum, else those of the lines: only one of these counts.
 */
function taxReadings({ taxes, totals }: Amounts): Line[][] {
  const of = (scope: GatheredTax["scope"]) => taxes.filter((it) => it.scope === scope);
  const summary = partsOf(of("summary"));
  const apart = firstOf(totals, codes.TAX_AMOUNTS);
  const total = totals.get(codes.TAX_TOTAL);
  const rates = new Set(taxes.map((it) => it.rate).filter((it) => it !== undefined));
  const [rate] = rates.size === 1 ? rates : [];
  const single = (kind: string, amount: string | undefined) =>
    amount === undefined ? [] : [taxLine(kind, amount, rate)];
  const apartKind = codes.TAX_AMOUNTS.find((it) => totals.has(it)) ?? "";
  const readings = [
    summary,
    single(apartKind, apart),
    single(codes.TAX_TOTAL, total),
    partsOf(of("header")),
    partsOf(of("line")),
  ].filter((it) => it.length > 0);
  return readings.length === 0 ? [[]] : readings;
}

/** One line a tax; a group that tells only the sum of taxes counts where no group tells parts. */
function partsOf(taxes: readonly GatheredTax[]): Line[] {
  const lines = (kinds: readonly string[]) =>
    taxes.flatMap(({ amounts, rate }): Line[] => {
      const kind = kinds.find((it) => amounts.has(it));
      return kind === undefined ? [] : [taxLine(kind, amounts.get(kind) ?? "0", rate)];
    });
  const parts = lines(codes.TAX_AMOUNTS);
  return parts.length > 0 ? parts : lines([codes.TAX_TOTAL]);
}

function taxLine(kind: string, amount: string, rate: string | undefined): Line {
  const line: Line = { charge_type: "tax", amount, raw_code: `MOA+${kind}` };
  return rate === undefined ? line : { ...line, tax_rate: rate };
}
