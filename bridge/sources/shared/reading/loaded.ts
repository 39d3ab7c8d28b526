/** What a warehouse or supplier loaded: lines in their packages, for the fact of a loading. */
import { Decimal } from "decimal.js";
import type { Milestone } from "../../../canonical/fact.ts";
import { identifiers } from "./reading.ts";

/** The contract's limits. */
const MAX_LINES = 500;
const MAX_PACKAGES = 500;

export type Loaded = NonNullable<Milestone["loaded"]>;
type LoadedLine = Loaded["goods"][number];

export interface LoadedPackage {
  /** SSCC, or the shipper's or carrier's number of it. */
  mark: string;
  isSscc: boolean;
}

/** A line as it was told; what is not told is left out. */
export interface ToldLine {
  goods: string | undefined;
  description: string | undefined;
  quantity: Decimal;
  ordered: Decimal | undefined;
  unit: string | undefined;
  lots: readonly string[];
  package: LoadedPackage | undefined;
}

/** The SSCC of a mark without its application identifier, else the mark. */
function referenceOf({ mark, isSscc }: LoadedPackage): string {
  const [known] = isSscc ? identifiers(["sscc", mark]) : [];
  return (known?.value ?? mark).slice(0, 64);
}

/**
 * The loading in the contract's words; nothing when it counts and packs nothing. `cut` when there is
 * more of it than a fact can hold.
 */
export function loadedOf(
  lines: readonly ToldLine[],
  packages: readonly LoadedPackage[],
): { loaded: Loaded | undefined; cut: boolean } {
  const references = new Map(packages.map((it) => [referenceOf(it), it.isSscc]));
  const cut = lines.length > MAX_LINES || references.size > MAX_PACKAGES;
  if (lines.length === 0 && references.size === 0) return { loaded: undefined, cut };
  const told = [...references].slice(0, MAX_PACKAGES).map(([reference, isSscc]) => ({
    reference,
    ...(isSscc && reference.length === SSCC_DIGITS && { sscc: reference }),
  }));
  const goods = lines.slice(0, MAX_LINES).map(lineOf);
  return { loaded: { goods, ...(told.length > 0 && { packages: told }) }, cut };
}

const SSCC_DIGITS = 18;

function lineOf(line: ToldLine): LoadedLine {
  const { goods, description, quantity, ordered, unit, lots, package: packed } = line;
  return {
    ...(goods !== undefined && { goods: goods.slice(0, 128) }),
    ...(description !== undefined && { description: description.slice(0, 256) }),
    quantity: quantity.toFixed(),
    ...(ordered !== undefined && { ordered: ordered.toFixed() }),
    ...(unit !== undefined && { unit: unit.slice(0, 32) }),
    ...(lots.length > 0 && { lots: lots.slice(0, 50).map((lot) => lot.slice(0, 64)) }),
    ...(packed !== undefined && { package: referenceOf(packed) }),
  };
}

/** A line in words, for people who look at the event alone. */
export function lineText({ quantity, ordered, unit, goods, description }: ToldLine): string {
  const isOther = ordered !== undefined && !ordered.eq(quantity);
  const words = [
    quantity.toFixed(),
    isOther ? `of ${ordered.toFixed()}` : "",
    unit,
    goods ?? description ?? "goods",
  ];
  return words.filter((it) => it !== undefined && it !== "").join(" ");
}

/** All lines in words; nothing without lines. */
export function linesText(lines: readonly ToldLine[]): string | undefined {
  if (lines.length === 0) return undefined;
  return `shipped ${lines.map(lineText).join(", ")}`.slice(0, 512);
}
