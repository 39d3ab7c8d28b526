/** What segments that several sets share name of the shipment. */
import type { IdentifierType } from "../../../canonical/identifiers.ts";
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
    default:
      return [];
  }
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
