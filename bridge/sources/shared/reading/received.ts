/** What a receiver counted, as quantities: shipped = accepted + damaged + short + refused. */
import { Decimal } from "decimal.js";
import type { ExceptionReason, QuantityOutcome } from "../../../canonical/codes.ts";
import type { ProofOfDelivery } from "../../../canonical/fact.ts";

export interface Condition {
  outcome: QuantityOutcome;
  reason: ExceptionReason;
}

export interface ReceivedLine {
  received: Decimal;
  unit: string | undefined;
  shipped: Decimal | undefined;
  goods: string | undefined;
  description: string | undefined;
  /** What is not simply accepted of it. */
  exceptions: Array<{ quantity: Decimal } & Condition>;
  /** Where what was refused is counted, unless the shipped quantity shows it. */
  refused: "within" | "beside";
}

export interface LineQuantities {
  quantities: NonNullable<ProofOfDelivery["quantities"]>;
  /** More is in question than was received. */
  fault?: string;
}

/**
 * What was received holds what is damaged or too many. Some count only what is good, some what they
 * refused, too: seen where the shipped quantity adds up so. What is missing of it, and not said, is short.
 */
export function quantitiesOfLine(line: ReceivedLine): LineQuantities {
  const { received, shipped, exceptions, unit, goods, description } = line;
  const sum = (...outcomes: readonly QuantityOutcome[]) =>
    exceptions
      .filter(({ outcome }) => outcomes.includes(outcome))
      .reduce((total, { quantity }) => total.plus(quantity), new Decimal(0));
  const besides = sum("accepted_damaged", "short", "refused");
  const inQuestion = sum("accepted_damaged", "over");
  const beside = received.minus(inQuestion);
  const within = beside.minus(sum("refused"));
  const usual = line.refused === "within" ? within : beside;
  const readings = [received, usual, beside, within, received.minus(sum("refused"))];
  const addsUp = readings.find((it) => shipped?.eq(it.plus(besides)));
  const good = addsUp ?? usual;
  const missing = shipped?.minus(good).minus(besides) ?? new Decimal(0);
  const all = [
    { quantity: good, outcome: "accepted" as const },
    ...exceptions,
    { quantity: missing, outcome: "short" as const, reason: "shortage_overage" as const },
  ];
  const quantities = all
    .filter(({ quantity }) => quantity.gt(0))
    .map(({ quantity, ...told }) => ({
      ...(goods !== undefined && { goods: goods.slice(0, 128) }),
      ...(description !== undefined && { description }),
      quantity: quantity.toFixed(),
      ...(unit !== undefined && { unit }),
      ...told,
    }));
  if (!good.isNegative()) return { quantities };
  const odd = received.minus(good);
  return { quantities, fault: `${odd.toFixed()} in question of ${received.toFixed()}` };
}
