/** The ledger of truth: what finally happened, to be compared with what others believe. */

export interface QuantityTruth {
  /** Id of the order's goods line. */
  goods: string;
  outcome: "accepted" | "accepted_damaged" | "short" | "refused";
  quantity: string;
}

/** What a delivery's proof said until it was set right. */
export interface EarlierProof {
  completed: string | null;
  outcome: StopTruth["outcome"];
  quantities: QuantityTruth[];
}

export interface StopTruth {
  /** Id of the stop in the transport order, and in the trip. */
  id: string;
  tms_id: string | null;
  kind: "pickup" | "delivery";
  /** UTC to the second. */
  arrived: string | null;
  departed: string | null;
  /** When the goods changed hands: of a pickup, its departure. */
  completed: string | null;
  outcome: "picked_up" | "delivered" | "partially_delivered" | "refused" | null;
  quantities: QuantityTruth[];
  signer: string | null;
  documents: Array<{ name: string; media_type: string; sha256: string; size: number }>;
  /** The oldest first; an invoice of that time stands. */
  earlier: EarlierProof[];
}

export interface MessageCounts {
  /** Messages pushed at least once, about this order. */
  sent: number;
  /** Further copies of them. */
  duplicated: number;
  late: number;
  /** Shown by the poll only. */
  withheld: number;
  corrections: number;
  retractions: number;
}

/** What the shipper said became of the money of an order. */
export interface OutcomeTruth {
  state: string;
  /** When it was said, UTC. */
  at: string;
  /** Numbers of its invoices and notes. */
  documents: string[];
}

export interface OrderTruth {
  /** Our UUID of the order, and Milepost's shipment number. */
  order: string;
  shipment: string;
  tms_order: string;
  order_number: string;
  consignment: string;
  tms_consignment: string;
  trip: string | null;
  /** How often the order came in; one order is made of them all. */
  received: number;
  /** Changes of the order that were taken, and whether its sender called it off. */
  changes: number;
  called_off: boolean;
  state: "booked" | "in_transit" | "delivered" | "partially_delivered" | "refused" | "cancelled";
  /** Nothing more will happen to it. */
  finished: boolean;
  /** Visits that found nobody. */
  attempts: number;
  /** UTC of the last completed delivery. */
  delivered: string | null;
  vehicle: string | null;
  driver: string | null;
  goods: Array<{ id: string; description: string; quantity: string }>;
  stops: StopTruth[];
  messages: MessageCounts;
  /** Each outcome that came in, once however often it was sent; the latest counts. */
  outcomes: OutcomeTruth[];
}

export class Ledger {
  readonly #orders = new Map<string, OrderTruth>();

  open(truth: OrderTruth): void {
    this.#orders.set(truth.order, truth);
  }

  of(order: string): OrderTruth {
    const truth = this.#orders.get(order);
    if (truth === undefined) throw new Error(`The ledger knows no order ${order}`);
    return truth;
  }

  /** A copy, in the order in which the orders came. */
  all(): OrderTruth[] {
    return structuredClone([...this.#orders.values()]);
  }

  get isFinished(): boolean {
    return [...this.#orders.values()].every((it) => it.finished);
  }
}

export const noMessages = (): MessageCounts => ({
  sent: 0,
  duplicated: 0,
  late: 0,
  withheld: 0,
  corrections: 0,
  retractions: 0,
});
