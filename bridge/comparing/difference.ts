/** What differs between Odoo's belief and what the partner shows of one order. */
import type {
  DifferenceKind,
  OrderDifference,
  OrderStanding,
  ToldOrder,
} from "../canonical/told_order.ts";

/** Nothing where both agree, or the partner does not say. */
export function differenceOf(
  { id, believes }: Pick<ToldOrder, "id" | "believes">,
  shown: OrderStanding,
): OrderDifference | undefined {
  const differ = (kind: DifferenceKind, said: string, more: object = {}) => ({
    id,
    kind,
    said: said.slice(0, 512),
    ...more,
  });
  if (shown.standing === "unsure") return undefined;
  if (believes === "accepted") {
    if (shown.standing === "missing") return differ("missing", "there is no such order");
    if (shown.standing === "refused") return differ("refused_there", shown.reason);
    return shown.standing === "cancelled" ? differ("cancelled_there", shown.reason) : undefined;
  }
  if (shown.standing !== "there") return undefined;
  const { number, identifiers } = shown;
  const kind = believes === "cancelled" ? "still_there" : "there_after_all";
  return differ(
    kind,
    number === undefined ? "the order is there" : `the order is there as ${number}`,
    {
      identifiers: identifiers.slice(0, 40),
      ...(number !== undefined && { external_number: number }),
    },
  );
}

/** What mends each kind, for operators. */
export const REPAIRS: Readonly<Record<DifferenceKind, string>> = {
  missing: "order again",
  refused_there: "take the refusal over: the order is refused here, too",
  cancelled_there: "take it over: the shipment is cancelled here, too",
  there_after_all: "take it over: the order counts as accepted",
  still_there: "cancel there again",
  state: "look again: what the partner shows is read as a message",
};
