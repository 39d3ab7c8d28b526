/** Loads, unloads and hand-overs: what happened to one consignment at one stop. */
import type { MilestoneCode, StopKind } from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { Instant, Place } from "../../canonical/values.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { type Cargo, type Scope, timeAt } from "./scope.ts";
import type { Times } from "./stop_view.ts";
import { namesOf } from "./cargo.ts";
import { CARRYING_ROLES, RECEIVING_ROLES, type ResultStatus } from "./codes.ts";
import { papersOf } from "./documents.ts";
import { actorName, inlineEntities, linked } from "./entity.ts";
import { quantitiesOf } from "./goods.ts";
import { lifecycleOf, workResultOf } from "./lifecycle.ts";
import { placeOf } from "./location.ts";
import { addProof } from "./pod.ts";
import { reasonsOf, type MilestoneInput, addMilestone } from "./add_milestone.ts";

/** What is known of the stop around the action. */
export interface Surroundings {
  stop: StopReference;
  place: Place | undefined;
  /** The stop tells its own forecast and arrival, so that the action's need not stand in for them. */
  tellsEta: boolean;
  tellsArrival: boolean;
  /** Its times by lifecycle: what is done at a stop and has no time is done while the stop lasts. */
  times: ReadonlyMap<string, Times>;
}

interface CargoAction {
  scope: Scope;
  node: JsonNode;
  id: string | undefined;
  cargo: Cargo | undefined;
  around: Surroundings;
}

/** Reads a load or unload; `role` is what the stop is for this cargo. */
export function readCargoAction(
  scope: Scope,
  node: JsonNode,
  type: "load" | "unload",
  role: StopKind,
  cargo: Cargo | undefined,
  around: Surroundings,
): void {
  const action: CargoAction = { scope, node, id: node.at("id").text(100), cargo, around };
  const lifecycle = lifecycleOf(scope, node);
  if (lifecycle === undefined) return;
  const { start, end } = timesOf(scope, node, lifecycle, around);
  const occurred = end ?? start;
  if (lifecycle === "projected") {
    const eta = start ?? end;
    if (eta !== undefined && !around.tellsEta) {
      addActionMilestone(action, type, {
        event: "eta",
        code: "eta_updated",
        classifier: "estimated",
        occurred: eta,
      });
    }
    return;
  }
  // Loading that is under way says no more than that the vehicle is there.
  if (lifecycle === "actual") return;
  if (occurred === undefined) {
    scope.builder.finding("warning", "no_time", node.path, `a ${lifecycle} ${type} without a time`);
    return;
  }
  if (lifecycle !== "realized") {
    const code = type === "load" ? "loaded" : "delivered";
    if (role === "terminal") return;
    addActionMilestone(action, type, { event: "planned", code, classifier: "planned", occurred });
    return;
  }
  const status = workResultOf(scope, node);
  const isSilent = role === "terminal" && (type === "load" || around.tellsArrival);
  if (!isSilent) {
    // At a hub the goods arrive; they are not delivered there.
    const code = role === "terminal" ? "arrived_terminal" : outcomeCode(type, status, node);
    const damaged = node.at("result", "reason").text(64) === "damage";
    addActionMilestone(action, type, {
      // What is not understood must not take the place of an outcome that was.
      event: code === undefined ? "unclear" : "actual",
      code,
      classifier: "actual",
      occurred,
      conditions: damaged ? ["damaged"] : undefined,
      reasons: status === "succeeded" && !damaged ? undefined : reasonsOf(node.at("result")),
      text: node.at("result", "remark").text(512) ?? node.at("remark").text(512),
    });
  }
  if (type === "unload" && role === "delivery") proof(action, status, undefined, occurred);
}

/** The action's own times, else those of its stop in the same lifecycle. */
function timesOf(scope: Scope, node: JsonNode, lifecycle: string, { times }: Surroundings): Times {
  const start = timeAt(scope, node, "startTime");
  const end = timeAt(scope, node, "endTime");
  if (start !== undefined || end !== undefined) return { start, end };
  return times.get(lifecycle) ?? { start, end };
}

/**
 * A hand-over to the receiver is proof of who took the goods; that they were delivered is said by
 * the unload action beside it.
 */
export function readHandOver(
  scope: Scope,
  node: JsonNode,
  role: StopKind | undefined,
  cargo: Cargo | undefined,
  around: Surroundings,
): void {
  if (lifecycleOf(scope, node) !== "realized") return;
  const to = linked(node.at("to"));
  const roles = node
    .at("to", "roles")
    .items()
    .flatMap((it) => it.text(32) ?? []);
  const receives = roles.some((it) => RECEIVING_ROLES.has(it));
  if (!receives && (roles.some((it) => CARRYING_ROLES.has(it)) || role !== "delivery")) {
    if (!node.at("documents").isMissing) {
      scope.builder.finding(
        "warning",
        "other_document",
        node.path,
        "papers of a hand-over to the carrier",
      );
    }
    return;
  }
  const status = workResultOf(scope, node);
  const signer = status === "failed" ? undefined : actorName(to?.entity);
  const id = node.at("id").text(100);
  const stop = { ...around.stop, kind: "delivery" as const };
  const { start, end } = timesOf(scope, node, "realized", around);
  proof({ scope, node, id, cargo, around: { ...around, stop } }, status, signer, end ?? start);
}

function proof(
  action: CargoAction,
  status: ResultStatus,
  signer: string | undefined,
  handedOver: Instant | undefined,
): void {
  const { scope, node, id, cargo, around } = action;
  if (status === "cancelled" || status === "unknown") return;
  const names = namesOf(cargo, id);
  const reason = reasonsOf(node.at("result"))?.[0]?.code;
  addProof(scope, {
    node,
    identifiers: names,
    lane: cargo?.key ?? id ?? "-",
    event: id ?? cargo?.key ?? "-",
    stop: around.stop,
    delivered: status === "failed" ? undefined : handedOver,
    signer,
    quantities: quantitiesOf(scope, cargo?.entity, status, reason),
    papers: papersOf(scope, inlineEntities(node.at("documents"))),
    remark: node.at("result", "remark").text(512) ?? node.at("remark").text(512),
  });
}

type ActionMilestone = Pick<
  MilestoneInput,
  "event" | "code" | "classifier" | "occurred" | "conditions" | "reasons" | "text"
>;

function addActionMilestone(
  { scope, node, id, cargo, around }: CargoAction,
  type: string,
  milestone: ActionMilestone,
): void {
  const key = cargo?.key ?? id ?? "-";
  const status = node.at("result", "status").text(32);
  const lifecycle = node.at("lifecycle").text(32) ?? "";
  addMilestone(scope, {
    ...milestone,
    node,
    identifiers: namesOf(cargo, id),
    appliesTo: "one",
    lane: key,
    event: `${id ?? `${key}/${type}`}/${milestone.event}`,
    stop: around.stop,
    place: placeOf(scope, node.at("location")) ?? around.place,
    rawCode: [type, lifecycle, status].filter((it) => it !== undefined && it !== "").join("/"),
  });
}

/** A failed unload is `realized` like a successful one: only the result tells. */
function outcomeCode(
  type: "load" | "unload",
  status: ResultStatus,
  node: JsonNode,
): MilestoneCode | undefined {
  if (status === "unknown") return undefined;
  if (status === "cancelled") return "cancelled";
  if (type === "load") return status === "failed" ? "delayed" : "loaded";
  if (status === "succeeded") return "delivered";
  if (status === "partiallySucceeded") return "partially_delivered";
  return node.at("result", "reason").text(64) === "rejectedByReceiver"
    ? "refused"
    : "delivery_attempted";
}
