/** What becomes of a delivery: everything taken, or short, damaged, refused, nobody there. */
import { Decimal } from "decimal.js";
import type { QuantityTruth } from "./ledger.ts";
import type { Habits } from "./options.ts";
import { goodsAt, type OrderedGoods, type OrderedTransport, type OrderStop } from "./order_book.ts";
import type { Random } from "./random.ts";
import type { Result } from "./trip_model.ts";

export type Fate = "taken" | "short" | "damaged" | "refused" | "absent";

export interface Outcome {
  fate: Fate;
  result: Result;
  quantities: QuantityTruth[];
  /** Milepost's word for it; none when the delivery failed. */
  outcome: "delivered" | "partially_delivered" | "refused" | null;
}

const RESULTS: Readonly<Record<Fate, Result>> = {
  taken: { status: "succeeded" },
  short: { status: "partiallySucceeded", reason: "incomplete" },
  damaged: { status: "partiallySucceeded", reason: "damage", remark: "Packaging torn" },
  refused: { status: "failed", reason: "rejectedByReceiver", remark: "Not ordered" },
  absent: { status: "failed", reason: "receiverAbsent" },
};

const OUTCOMES: Readonly<Record<Fate, Outcome["outcome"]>> = {
  taken: "delivered",
  short: "partially_delivered",
  damaged: "partially_delivered",
  refused: "refused",
  absent: null,
};

/** Draws the fate of a delivery; the second attempt always finds somebody. */
export function drawFate(habits: Habits, random: Random, isSecond: boolean): Fate {
  const draws: ReadonlyArray<readonly [Fate, number]> = [
    ["absent", isSecond ? 0 : habits.absent],
    ["refused", habits.refused],
    ["short", habits.short],
    ["damaged", habits.damaged],
  ];
  let at = random.next();
  for (const [fate, probability] of draws) {
    if (at < probability) return fate;
    at -= probability;
  }
  return "taken";
}

/** What becomes of the goods that are unloaded at a stop. */
export function outcomeAt(
  stop: OrderStop,
  fate: Fate,
  order: OrderedTransport,
  random: Random,
): Outcome {
  return {
    fate,
    result: RESULTS[fate],
    quantities: quantitiesOf(fate, goodsAt(order, stop), random),
    outcome: OUTCOMES[fate],
  };
}

/** Every goods line is accounted for in full; the exception is in the first one. */
function quantitiesOf(
  fate: Fate,
  unloaded: readonly OrderedGoods[],
  random: Random,
): QuantityTruth[] {
  if (fate === "absent") return [];
  return unloaded.flatMap((goods, index): QuantityTruth[] => {
    const all = (outcome: QuantityTruth["outcome"]) => [
      { goods: goods.id, outcome, quantity: goods.quantity },
    ];
    if (fate === "refused") return all("refused");
    if (fate === "taken" || index > 0) return all("accepted");
    const outcome = fate === "short" ? "short" : "accepted_damaged";
    const ordered = new Decimal(goods.quantity);
    const part = ordered.greaterThan(1)
      ? new Decimal(random.integer(1, Math.min(3, ordered.floor().toNumber())))
      : ordered;
    const rest = ordered.minus(part);
    const lines: QuantityTruth[] = [{ goods: goods.id, outcome, quantity: part.toFixed() }];
    if (rest.greaterThan(0)) {
      lines.unshift({ goods: goods.id, outcome: "accepted", quantity: rest.toFixed() });
    }
    return lines;
  });
}
