/** Does Odoo believe what happened? Shipment by shipment, stop by stop, paper by paper. */
import { Decimal } from "decimal.js";
import type { OrderTruth, StopTruth } from "../simulator/ledger.ts";
import type { ProofOutcome, ShipmentOutcome, StopOutcome } from "./outcome.ts";

export interface Mismatch {
  shipment: string;
  what: string;
  /** What happened, and what Odoo believes. */
  truth: unknown;
  odoo: unknown;
}

/** Everything that differs; a shipment that only one side knows is a difference, too. */
export function compare(
  truths: readonly OrderTruth[],
  outcomes: readonly ShipmentOutcome[],
): Mismatch[] {
  const known = new Map(truths.map((truth) => [truth.shipment, truth]));
  return outcomes.flatMap((outcome) => {
    const truth = known.get(outcome.name);
    if (truth !== undefined) return compareShipment(truth, outcome);
    return [{ shipment: outcome.name, what: "order", truth: null, odoo: outcome.order }];
  });
}

function compareShipment(truth: OrderTruth, outcome: ShipmentOutcome): Mismatch[] {
  const found: Mismatch[] = [];
  const expect = (what: string, wanted: unknown, got: unknown) => {
    if (JSON.stringify(wanted) !== JSON.stringify(got)) {
      found.push({ shipment: truth.shipment, what, truth: wanted, odoo: got });
    }
  };
  expect("state", truth.state, outcome.state);
  expect("delivered at", truth.delivered, outcome.delivered);
  expect("failed attempts", truth.attempts, outcome.attempts);
  const early = truth.stops.filter(
    ({ kind, arrived }) => kind === "pickup" && arrived !== null && arrived < (outcome.ready ?? ""),
  );
  expect("pickups before the goods were ready", [], early);
  expect("order number", truth.order_number, outcome.order?.number ?? null);
  for (const stop of truth.stops) {
    const own = outcome.stops.find((it) => isStop(it, stop));
    const what = `${stop.kind} `;
    expect(`${what}outcome`, stop.outcome, own?.outcome ?? null);
    expect(`${what}arrived`, stop.arrived, own?.arrived ?? null);
    if (stop.kind === "pickup") expect(`${what}departed`, stop.departed, own?.departed ?? null);
    if (stop.kind === "delivery")
      expect(`${what}completed`, stop.completed, own?.completed ?? null);
  }
  const deliveries = truth.stops.filter((stop) => stop.kind === "delivery");
  expect("quantities", told(deliveries), believed(outcome.proofs));
  expect("signer", signers(deliveries), signers(outcome.proofs));
  expect(
    "documents",
    deliveries.flatMap((stop) => stop.documents.map((it) => it.sha256)).toSorted(),
    [...new Set(outcome.proofs.flatMap((proof) => proof.documents))].toSorted(),
  );
  return found;
}

function isStop(stop: StopOutcome, truth: StopTruth): boolean {
  const names = [stop.key, ...stop.aliases];
  return names.includes(truth.id) || (truth.tms_id !== null && names.includes(truth.tms_id));
}

type Line = { goods: string; outcome: string; quantity: string | number };

const sorted = (lines: readonly Line[]): string[] =>
  lines.map((it) => `${it.goods} ${it.outcome} ${new Decimal(it.quantity).toFixed()}`).toSorted();

const told = (stops: readonly StopTruth[]): string[] =>
  sorted(stops.flatMap((stop) => stop.quantities));

/** Of each of the goods what the last proof says that names them: proofs of one delivery repeat it. */
function believed(proofs: readonly ProofOutcome[]): string[] {
  const last = new Map<string, ProofOutcome["quantities"]>();
  for (const { quantities } of proofs.toSorted((a, b) => (a.said < b.said ? -1 : 1))) {
    for (const [goods, own] of Map.groupBy(quantities, (it) => it.goods)) last.set(goods, own);
  }
  return sorted([...last.values()].flat());
}

const signers = (of: ReadonlyArray<{ signer: string | null }>): string[] =>
  [...new Set(of.flatMap(({ signer }) => signer ?? []))].toSorted();
