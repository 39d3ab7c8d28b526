/** Who took the goods, and how many, out of an event's references and goods lines. */
import type { ProofOfDelivery } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Instant } from "../../canonical/values.ts";
import { defined } from "../shared/reading/reading.ts";
import type { Status } from "./codes.ts";
import type { StatusGroup } from "./status_group.ts";
import type { MessageContext } from "./message_context.ts";
import { decimalOf } from "./numbers.ts";
import type { Segment } from "./segments.ts";

const DELIVERED = new Set(["delivered", "partially_delivered"]);
const MAX_LINES = 500;

/** A proof when a delivery names its signer (UPS: RFF+AGY) or counts its goods (GID). */
export function addPod(
  context: MessageContext,
  { sts, own }: StatusGroup,
  identifiers: Identifier[],
  status: Status | undefined,
  delivered: Instant,
  lane: string,
): void {
  if (status?.code === undefined || !DELIVERED.has(status.code)) return;
  const signer = signerOf(own);
  const quantities = own.filter((it) => it.tag === "GID").flatMap((it) => line(context, it));
  if (signer === undefined && quantities.length === 0) return;
  const pod = defined({
    kind: "proof_of_delivery" as const,
    message_path: context.path(sts),
    identifiers,
    applies_to: "one" as const,
    recorded_at: context.recordedAt,
    stop: { kind: "delivery" as const },
    delivered,
    signer,
    signed: signer === undefined ? undefined : true,
    quantities: quantities.length === 0 ? undefined : quantities.slice(0, MAX_LINES),
  });
  context.builder.add(pod, "billing", lane);
}

function signerOf(segments: readonly Segment[]): string | undefined {
  for (const { tag, elements } of segments) {
    const [qualifier, value = ""] = elements[0] ?? [];
    if (tag === "RFF" && qualifier === "AGY" && value !== "") return value;
  }
  return undefined;
}

/** `GID+1+10:CT`: goods line, number and kind of packages. */
function line(
  context: MessageContext,
  segment: Segment,
): NonNullable<ProofOfDelivery["quantities"]> {
  const [count = "", unit = ""] = segment.elements[1] ?? [];
  if (count === "") return [];
  const quantity = decimalOf(count, context.message.interchange.delimiters.decimal);
  if (quantity === undefined) {
    context.finding("error", "bad_number", `"${count}" is no number of packages`, segment, 2);
    return [];
  }
  const goods = segment.elements[0]?.[0];
  return [
    defined({
      goods: goods === "" ? undefined : goods,
      quantity,
      unit: unit === "" ? undefined : unit,
      outcome: "accepted" as const,
    }),
  ];
}
