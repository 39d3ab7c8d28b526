/** What became of a shipment's money, as an OTM5 event about the transport order. */
import type { Outcome } from "../../canonical/outcome.ts";
import type { OrderReceipt } from "../../canonical/transport_order.ts";
import type { Peer } from "../source.ts";
import { fileNameOf } from "./order.ts";
import { isUnsure, REFUSALS, refusal, unsure } from "./refusal.ts";
import { eventId } from "./event_id.ts";
import type { Otm5Settings } from "./settings.ts";

const DOCUMENT_TYPES: Readonly<Record<Outcome["documents"][number]["kind"], string>> = {
  invoice: "invoice",
  credit_note: "creditNote",
  debit_note: "debitNote",
};

/**
 * Tells the TMS by an updateEvent of the transport order. Its id follows from the key, so that the
 * same outcome sent again is the same event; of several the latest `lastModified` counts.
 */
export async function sendOutcome(
  peer: Peer,
  outcome: Outcome,
  idempotencyKey: string,
  settings: Otm5Settings,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const response = await peer.request(
    {
      method: settings.outcomes.method,
      path: settings.outcomes.path,
      headers: {
        "content-type": "application/json",
        [settings.orders.key_header]: idempotencyKey,
      },
      body: JSON.stringify(otmOutcome(outcome, idempotencyKey)),
      file: fileNameOf("outcome", outcome.shipment, idempotencyKey),
      expect: REFUSALS,
    },
    signal,
  );
  if (isUnsure(response)) throw unsure(response, `the outcome of ${outcome.shipment}`);
  if (REFUSALS.includes(response.status)) {
    return refusal(response, `the outcome of ${outcome.shipment}`);
  }
  return { result: "accepted", identifiers: [] };
}

/** The outcome as an OTM5 event: the order's documents are the invoices, its state an attribute. */
export function otmOutcome(outcome: Outcome, idempotencyKey: string): object {
  return {
    id: eventId(idempotencyKey),
    eventType: "updateEvent",
    creationDate: outcome.at,
    lastModified: outcome.at,
    lifecycle: "actual",
    entity: {
      entityType: "transportOrder",
      id: outcome.id,
      name: outcome.shipment,
      lastModified: outcome.at,
      externalAttributes: { shipmentNumber: outcome.shipment, billingState: outcome.state },
      documents: outcome.documents.map((document) => ({
        associationType: "inline",
        entity: {
          entityType: "document",
          id: eventId(`${outcome.id} ${document.number}`),
          name: document.number,
          documentType: DOCUMENT_TYPES[document.kind],
          externalAttributes: {
            date: document.date,
            total: document.total,
            currency: document.currency,
          },
        },
      })),
    },
  };
}
