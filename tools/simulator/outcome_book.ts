/** Events by which shippers tell what became of the money of an order. */
import { JsonNode } from "../../bridge/sources/shared/json/node.ts";
import { linked } from "../../bridge/sources/otm5/entity.ts";
import type { OutcomeTruth } from "./ledger.ts";
import type { OrderFault } from "./order_book.ts";

export interface ToldOutcome {
  /** Id of the event: the same id is the same event. */
  event: string;
  /** The order, by the id that its shipper gave it. */
  order: string;
  outcome: OutcomeTruth;
}

/** Reads an updateEvent of a transport order; gives what is wrong with it instead. */
export function readOutcome(body: unknown): ToldOutcome | { faults: OrderFault[] } {
  const root = new JsonNode(body);
  const faults: OrderFault[] = [];
  const needed = (node: JsonNode, field: string): string => {
    const text = node.text(100);
    if (text === undefined) faults.push({ type: "missingField", field, message: "is needed" });
    return text ?? "";
  };
  if (root.at("eventType").text() !== "updateEvent") {
    faults.push({ type: "invalidField", field: "eventType", message: "only updateEvent is taken" });
  }
  const event = needed(root.at("id"), "id");
  const entity = root.at("entity");
  const order = needed(entity.at("id"), "entity.id");
  const state = needed(entity.at("externalAttributes", "billingState"), "entity.billingState");
  const at = needed(entity.at("lastModified"), "entity.lastModified");
  if (faults.length > 0) return { faults };
  const documents = entity
    .at("documents")
    .items()
    .flatMap((it) => linked(it)?.entity?.at("name").text(64) ?? []);
  return { event, order, outcome: { state, at, documents } };
}
