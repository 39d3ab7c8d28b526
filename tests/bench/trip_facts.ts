/** Facts as a TMS sends them in a busy hour: many shipments, some milestones of each. */
import { createHash } from "node:crypto";
import type { Fact, Milestone } from "../../bridge/canonical/fact.ts";
import { factKey } from "../../bridge/canonical/fact_key.ts";
import { toUtcText } from "../../bridge/clock.ts";

export interface BenchShipment {
  id: number;
  uid: string;
  name: string;
}

type Step = readonly [
  Milestone["code"],
  Milestone["classifier"],
  "pickup" | "delivery" | undefined,
];

/** A trip from the booking to the delivery, as partners usually tell it. */
const STEPS: readonly Step[] = [
  ["booked", "actual", undefined],
  ["assigned", "actual", undefined],
  ["arrived_pickup", "estimated", "pickup"],
  ["arrived_pickup", "actual", "pickup"],
  ["picked_up", "actual", "pickup"],
  ["in_transit", "actual", undefined],
  ["eta_updated", "estimated", "delivery"],
  ["eta_updated", "estimated", "delivery"],
  ["arrived_delivery", "actual", "delivery"],
  ["delivered", "actual", "delivery"],
];

export const FACTS_PER_SHIPMENT = STEPS.length;

/** The milestones of each shipment's trip, mixed over the shipments as messages come in. */
export function tripFacts(shipments: readonly BenchShipment[], message: string): Fact[] {
  const start = Date.UTC(2026, 10, 2, 6);
  return STEPS.flatMap(([code, classifier, stop], step) =>
    shipments.map((shipment) => {
      const at = toUtcText(new Date(start + step * 1_800_000));
      const unkeyed = {
        kind: "milestone" as const,
        identifiers: [
          { type: "entity" as const, value: shipment.uid },
          { type: "shipment" as const, value: shipment.name },
        ],
        applies_to: "one" as const,
        source_event: createHash("md5").update(`${shipment.uid}/${step}`).digest("hex"),
        recorded_at: at,
        code,
        classifier,
        occurred: { at, zone: "Europe/Amsterdam", precision: "second" as const },
        ...(stop === undefined ? {} : { stop: { kind: stop } }),
        place: { city: "Utrecht", country: "NL", latitude: 52.09, longitude: 5.12 },
        raw_code: String(code).toUpperCase(),
      };
      return { ...unkeyed, key: factKey(unkeyed), message };
    }),
  );
}
