/** What segments that several sets share name of the shipment. */
import type { IdentifierType } from "../../../canonical/identifiers.ts";
import { lookup } from "../codes/lookup.ts";
import { identifiersOf } from "../codes/references.ts";
import type { SetContext } from "../set_context.ts";

export type Named = readonly [IdentifierType, string | undefined];

/** The names in a segment; none of one that names nothing. */
export function namesAt(context: SetContext, index: number): Named[] {
  switch (context.segments[index]?.id) {
    // N9 and REF are qualifier*value, L11 value*qualifier; all may be empty or padded.
    case "N9":
    case "REF":
      return identifiersOf(context.text(index, 1, 8), context.text(index, 2, 128));
    case "L11":
      return identifiersOf(context.text(index, 2, 8), context.text(index, 1, 128));
    case "N7":
      return [["container", containerAt(context, index)]];
    case "M7":
      return [1, 2, 3, 4].map((n) => ["seal", context.text(index, n, 128)]);
    case "OID":
      return [
        ["customer_ref", context.text(index, 1, 128)],
        ["po", context.text(index, 2, 128)],
      ];
    case "PRF":
      return [["po", context.text(index, 1, 128)]];
    case "MAN":
      return marksAt(context, index);
    default:
      return [];
  }
}

/** MAN pairs a qualifier (element 88) with marks: the carrier's package number, or an SSCC. */
const MARKS: Readonly<Record<string, IdentifierType>> = {
  AA: "sscc",
  CP: "tracking",
  GM: "sscc",
};

function marksAt(context: SetContext, index: number): Named[] {
  const named: Named[] = [];
  for (const [qualifier, from, to] of [
    [1, 2, 3],
    [4, 5, 6],
  ] as const) {
    const type = lookup(MARKS, context.text(index, qualifier, 4));
    if (type === undefined) continue;
    // A second mark is the end of a range, which names what is between as well.
    if (context.text(index, to) !== undefined) {
      const text = "a range of marks names no single package; it is not read";
      context.warnOnce("range_not_read", text, index, to);
    } else named.push([type, context.text(index, from, 128)]);
  }
  return named;
}

const CONTAINER_OWNER = /^[A-Z]{3}[UJZ]$/;

/** N7: initial, number and check digit (N718) of a container; trailers are no name of a shipment. */
function containerAt(context: SetContext, index: number): string | undefined {
  const initial = context.text(index, 1, 8);
  const number = context.text(index, 2, 16);
  if (initial === undefined || number === undefined || !CONTAINER_OWNER.test(initial)) {
    return undefined;
  }
  const digit = number.length === 6 ? context.text(index, 18, 1) : undefined;
  return `${initial}${number}${digit ?? ""}`;
}
