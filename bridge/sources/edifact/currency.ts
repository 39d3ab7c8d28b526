/** The currency of an invoice: what its total says, else what its CUX says. */
import { PAYABLE, TOTALS } from "./money_codes.ts";
import type { Segment } from "./segments.ts";

const CODE = /^[A-Z]{3}$/;
/** 6343 (D.96A): the currency in which the invoice is made out; 6347: the reference currency. */
const INVOICING = "4";
const REFERENCE = "2";

/**
 * The currency in which the invoice comes to its total; nothing when none is named. An invoice may
 * tell its amounts in a second currency too (6345 of each MOA says in which).
 */
export function currencyOf(segments: readonly Segment[]): string | undefined {
  const said = ofInvoice(segments);
  const kinds = [...TOTALS, PAYABLE];
  const totals = segments.filter(({ tag, elements }) => {
    return tag === "MOA" && kinds.includes(elements[0]?.[0] ?? "");
  });
  const named = totals.map(({ elements }) => elements[0]?.[2] ?? "");
  // A total without a currency is in the invoice's own.
  if (named.some((it) => it === "" || it === said))
    return said ?? named.find((it) => CODE.test(it));
  return named.find((it) => CODE.test(it)) ?? said ?? anyOf(segments);
}

/** CUX of the whole message: a line may have its own. */
function ofInvoice(segments: readonly Segment[]): string | undefined {
  const end = segments.findIndex((it) => it.tag === "LIN");
  const header = end === -1 ? segments : segments.slice(0, end);
  const all = header
    .filter((it) => it.tag === "CUX")
    .flatMap(({ elements }) => elements.slice(0, 2));
  const named = all.filter(([, code = ""]) => CODE.test(code));
  const best =
    named.find(([, , role]) => role === INVOICING) ??
    named.find(([usage]) => usage === REFERENCE) ??
    named[0];
  return best?.[1];
}

function anyOf(segments: readonly Segment[]): string | undefined {
  const amounts = segments.filter((it) => it.tag === "MOA").map((it) => it.elements[0]?.[2] ?? "");
  return amounts.find((it) => CODE.test(it));
}
