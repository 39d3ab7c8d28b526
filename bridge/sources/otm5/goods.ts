/** Goods of a consignment as quantity lines: what was accepted, damaged, short, refused, over. */
import { Decimal } from "decimal.js";
import {
  QUANTITY_OUTCOMES,
  type ExceptionReason,
  type QuantityOutcome,
} from "../../canonical/codes.ts";
import type { ProofOfDelivery } from "../../canonical/fact.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import type { ResultStatus } from "./codes.ts";
import { inlineEntities } from "./entity.ts";
import type { Scope } from "./scope.ts";

type QuantityLine = NonNullable<ProofOfDelivery["quantities"]>[number];

export interface Quantities {
  lines: QuantityLine[];
  /** The sender said what became of each; else it follows from the result of the action. */
  stated: boolean;
}

/** What an exception in the quantity means when the result gives no reason. */
const REASONS: Partial<Record<QuantityOutcome, ExceptionReason>> = {
  accepted_damaged: "damage",
  short: "shortage_overage",
  refused: "refused",
  over: "shortage_overage",
};

/**
 * Lines of a consignment told with an unload or handOver. OTM has no member for the outcome of a
 * quantity: external attributes (settings `quantities`) tell it; without them the goods' own
 * quantity is what was handed over, and nothing of a failed one.
 */
export function quantitiesOf(
  scope: Scope,
  consignment: JsonNode | undefined,
  status: ResultStatus,
  reason: ExceptionReason | undefined,
): Quantities {
  if (consignment === undefined) return { lines: [], stated: false };
  const lines: QuantityLine[] = [];
  let stated = false;
  for (const goods of inlineEntities(consignment.at("goods")).flatMap(leaves)) {
    const told = statedLines(scope, goods, reason);
    if (told.length > 0) stated = true;
    lines.push(...(told.length > 0 ? told : impliedLine(goods, status, reason)));
  }
  return { lines: lines.slice(0, 500), stated };
}

/** The goods inside pallets and containers; an empty one counts as goods itself. */
function leaves(goods: JsonNode): JsonNode[] {
  const inside = inlineEntities(goods.at("containedGoods"));
  return inside.length > 0 ? inside.flatMap(leaves) : [goods];
}

function statedLines(
  scope: Scope,
  goods: JsonNode,
  reason: ExceptionReason | undefined,
): QuantityLine[] {
  return QUANTITY_OUTCOMES.flatMap((outcome) => {
    const name = scope.settings.quantities[outcome];
    const quantity =
      name === undefined ? undefined : decimalOf(goods.at("externalAttributes", name));
    return quantity === undefined ? [] : line(goods, quantity, outcome, reason);
  });
}

function impliedLine(
  goods: JsonNode,
  status: ResultStatus,
  reason: ExceptionReason | undefined,
): QuantityLine[] {
  const quantity =
    decimalOf(goods.at("externalAttributes", "quantity")) ?? decimalOf(goods.at("quantity"));
  if (quantity === undefined) return [];
  if (status === "succeeded" || status === "partiallySucceeded") {
    return line(goods, quantity, "accepted", undefined);
  }
  return status === "failed" && reason === "refused"
    ? line(goods, quantity, "refused", reason)
    : [];
}

function line(
  goods: JsonNode,
  quantity: string,
  outcome: QuantityOutcome,
  reason: ExceptionReason | undefined,
): QuantityLine[] {
  if (quantity === "0") return [];
  return [
    defined({
      goods: goods.at("id").text(128) ?? goods.at("barCode").text(128),
      description: goods.firstText(["description", "name", "productType"], 256),
      quantity,
      unit: goods.at("externalAttributes", "unit").text(32),
      outcome,
      reason: outcome === "accepted" ? undefined : (REASONS[outcome] ?? reason),
    }),
  ];
}

/** A quantity as the canonical decimal text, without ever going through a float of ours. */
function decimalOf(node: JsonNode): string | undefined {
  const text = node.text(32);
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined;
  const decimal = new Decimal(text).toDecimalPlaces(6);
  return decimal.lessThan("1e15") ? decimal.toFixed() : undefined;
}
