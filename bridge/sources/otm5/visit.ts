/** What a stop says of the vehicle's visit: planned, forecast, arrived, left, for one cargo. */
import { exceptionReason, type MilestoneCode, type StopKind } from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import { lifecycleOf, resultOf } from "./lifecycle.ts";
import { atLocation } from "./location.ts";
import { type MilestoneInput, addMilestone } from "./add_milestone.ts";
import { type Scope, timeAt, within } from "./scope.ts";
import type { StopView, Work } from "./stop_view.ts";
import { windowOf } from "./window.ts";

export function referenceOf(id: string | undefined, kind: StopKind | undefined): StopReference {
  return defined({ id, kind });
}

const ARRIVALS: Readonly<Record<StopKind, MilestoneCode>> = {
  pickup: "arrived_pickup",
  delivery: "arrived_delivery",
  terminal: "arrived_terminal",
  customs: "arrived_terminal",
};

/** Arrival, departure, forecast and appointment of each version of the stop. */
export function readVisits(
  scope: Scope,
  stop: StopView,
  role: StopKind | undefined,
  names: Identifier[],
  lane: string,
  appliesTo: "one" | "every",
): void {
  for (const node of stop.versions) {
    const inner = atLocation(within(scope, node), node.at("location"));
    const visit: Visit = { scope: inner, node, stop, role, names, lane, appliesTo };
    const lifecycle = lifecycleOf(inner, node);
    if (lifecycle === "projected") readForecast(visit);
    else if (lifecycle === "actual" || lifecycle === "realized") readActual(visit, lifecycle);
    else if (lifecycle !== undefined) readPlan(visit, lifecycle);
  }
}

interface Visit {
  scope: Scope;
  node: JsonNode;
  stop: StopView;
  role: StopKind | undefined;
  names: Identifier[];
  lane: string;
  appliesTo: "one" | "every";
}

function readPlan(visit: Visit, lifecycle: string): void {
  const { scope, node, role } = visit;
  const start = timeAt(scope, node, "startTime");
  if (start !== undefined && role !== undefined) {
    add(visit, {
      event: "arrival/planned",
      code: ARRIVALS[role],
      classifier: "planned",
      occurred: start,
    });
  }
  // A window that is merely requested is our own wish, no appointment.
  const window = lifecycle === "planned" ? windowOf(scope, node.at("constraint")) : undefined;
  const appointed = window?.start ?? window?.end;
  if (appointed === undefined || role === undefined) return;
  add(visit, {
    event: "appointment",
    code: "appointment_set",
    classifier: "planned",
    occurred: appointed,
    rawCode: "timeWindowConstraint",
  });
}

function readForecast(visit: Visit): void {
  const { scope, node } = visit;
  const start = timeAt(scope, node, "startTime");
  if (start === undefined) return;
  add(visit, { event: "eta", code: "eta_updated", classifier: "estimated", occurred: start });
  readDelay(visit, start.at);
}

/** A forecast beyond the stop's own window, or one for which a reason is given, is a delay. */
function readDelay(visit: Visit, eta: string): void {
  const { scope, node } = visit;
  const raw = node.at("externalAttributes", "delayReason").text(128);
  const due = windowOf(scope, node.at("constraint"))?.end;
  const isLate = due !== undefined && eta > due.at;
  if (raw === undefined && !isLate) return;
  add(visit, {
    event: "delay",
    code: "delayed",
    classifier: "actual",
    occurred: { at: scope.recordedAt, zone: "UTC", precision: "second" },
    reasons: [delayReason(raw)],
    text: node.at("remark").text(512),
  });
}

function readActual(visit: Visit, lifecycle: "actual" | "realized"): void {
  const { scope, node, role } = visit;
  const status = resultOf(scope, node);
  const start = timeAt(scope, node, "startTime");
  const end = timeAt(scope, node, "endTime");
  if (start === undefined && end === undefined) {
    scope.builder.finding("warning", "no_time", node.path, `a ${lifecycle} stop without a time`);
    return;
  }
  if (status === "cancelled" || status === "unknown") {
    const occurred = end ?? start;
    if (occurred !== undefined)
      add(visit, { event: "arrival/actual", classifier: "actual", occurred });
    return;
  }
  if (start !== undefined) {
    const code = role === undefined ? undefined : ARRIVALS[role];
    add(visit, { event: "arrival/actual", code, classifier: "actual", occurred: start });
  }
  if (end !== undefined && lifecycle === "realized") readDeparture(visit, end);
}

function readDeparture(visit: Visit, occurred: MilestoneInput["occurred"]): void {
  const { role, stop } = visit;
  const milestone = { event: "departure", classifier: "actual", occurred } as const;
  if (role === "delivery") add(visit, { ...milestone, conditions: ["departed_delivery"] });
  else if (role === "terminal" || role === "customs")
    add(visit, { ...milestone, code: "departed_terminal" });
  else if (role === undefined) add(visit, milestone);
  // The vehicle that leaves without the goods has not picked them up.
  else if (!stop.work.some((it) => isFailedLoad(visit, it)))
    add(visit, { ...milestone, code: "picked_up" });
}

function isFailedLoad({ lane, scope }: Visit, { type, cargo, node }: Work): boolean {
  if (type !== "load" || cargo?.key !== lane) return false;
  const status = resultOf(scope, node);
  return status === "failed" || status === "cancelled";
}

type VisitMilestone = Pick<
  MilestoneInput,
  "event" | "code" | "conditions" | "classifier" | "occurred" | "reasons" | "text"
> & { rawCode?: string };

function add(
  { scope, node, stop, role, names, lane, appliesTo }: Visit,
  milestone: VisitMilestone,
): void {
  const lifecycle = node.at("lifecycle").text(32) ?? "planned";
  const part = milestone.event.startsWith("departure") ? "end" : "start";
  addMilestone(scope, {
    ...milestone,
    node,
    identifiers: names,
    appliesTo,
    lane,
    event: `${stop.key}/${milestone.event}`,
    stop: referenceOf(stop.id, role),
    place: stop.place,
    rawCode: milestone.rawCode ?? `stop/${lifecycle}/${part}`,
  });
}

function delayReason(raw: string | undefined): NonNullable<MilestoneInput["reasons"]>[number] {
  const code = exceptionReason.safeParse(raw);
  return defined({ code: code.success ? code.data : ("other" as const), raw });
}
