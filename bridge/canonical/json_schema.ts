/** The contract between bridge and addon as JSON Schema 2020-12, generated from the zod types. */
import { z } from "zod";
import { batch, CONTRACT_VERSION, outboxAcknowledgement } from "./exchange.ts";
import { fact } from "./fact.ts";
import { outcome } from "./outcome.ts";
import { shipmentEvent } from "./shipment_event.ts";
import { transportOrder } from "./transport_order.ts";

/** What the addon checks or makes: facts and acknowledgements come in, transport orders, outcomes and events go out. */
export function contractSchemas(): Record<string, unknown> {
  const schema = (type: z.ZodType) => z.toJSONSchema(type, { reused: "inline" });
  return {
    contract: CONTRACT_VERSION,
    batch: schema(batch.extend({ facts: z.array(z.unknown()).min(1).max(500) })),
    fact: schema(fact),
    outbox_acknowledgement: schema(outboxAcknowledgement),
    transport_order: schema(transportOrder),
    outcome: schema(outcome),
    event: schema(shipmentEvent),
  };
}
