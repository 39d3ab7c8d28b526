/** What our orders share, whichever message they leave in. */
import { Decimal } from "decimal.js";
import type { TransportOrder } from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
import type { EdifactSettings } from "./settings.ts";
import { interchange } from "./writer.ts";

/** The parties of UNB. Throws `edifact_not_configured` (`pause`). */
function parties({ interchange: us }: EdifactSettings) {
  if (us !== undefined) return us;
  throw new MilepostError("settings.interchange is needed to send transport orders", {
    code: "edifact_not_configured",
    retry: "pause",
    culprit: "edifact",
    hint: "name sender and receiver of UNB in the connection's settings",
  });
}

/**
 * The interchange of one order; `number` is its control reference, `message` gives UNH's for the
 * partner's directory: type, version, release, agency. Throws `edifact_not_configured` (`pause`).
 */
export function writtenOrder(
  settings: EdifactSettings,
  number: number,
  prepared: Date,
  message: (release: string) => string,
  body: readonly string[],
): Buffer {
  const us = parties(settings);
  const party = (id: string, qualifier: string | undefined) =>
    qualifier === undefined ? [id] : [id, qualifier];
  const [type = "", ...release] = message(us.release).split(":");
  const head = {
    sender: party(us.sender, us.sender_qualifier),
    receiver: party(us.receiver, us.receiver_qualifier),
    reference: String(number).padStart(9, "0"),
    prepared,
    test: us.test,
  };
  return interchange(head, type, release.join(":"), body);
}

/** The packages that hold some of these goods. */
export function packagesOf(
  { id }: TransportOrder["goods"][number],
  { packages = [] }: TransportOrder,
): NonNullable<TransportOrder["packages"]> {
  return packages.filter(({ contents }) => contents.some((it) => it.goods === id));
}

/** Gross, in kilograms: of everything, else of what has a weight. */
export function totalWeight({ weight_kg: whole, goods }: TransportOrder): Decimal {
  if (whole !== undefined) return new Decimal(whole);
  const weights = goods.flatMap((it) => it.weight_kg ?? []);
  return weights.reduce((sum, it) => sum.plus(it), new Decimal(0));
}
