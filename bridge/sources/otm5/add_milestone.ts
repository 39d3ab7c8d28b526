/** Adds milestones with what all facts of OTM5 have in common. */
import type { Classifier, Condition, MilestoneCode } from "../../canonical/codes.ts";
import type { Milestone, StopReference } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Instant, Place } from "../../canonical/values.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { cleanText } from "../shared/reading/clean_text.ts";
import { defined, milestonePriority, type UnkeyedMilestone } from "../shared/reading/reading.ts";
import { RESULT_REASONS } from "./codes.ts";
import type { Scope } from "./scope.ts";

export interface MilestoneInput {
  /** Where in the message. */
  node: JsonNode;
  identifiers: Identifier[];
  appliesTo: "one" | "every";
  lane: string;
  /** Versions of one statement share it. */
  event: string;
  code?: MilestoneCode | undefined;
  conditions?: Condition[] | undefined;
  classifier: Classifier;
  occurred: Instant;
  stop?: StopReference | undefined;
  place?: Place | undefined;
  reasons?: Milestone["reasons"];
  rawCode: string;
  text?: string | undefined;
  vehicle?: string | undefined;
  trailer?: string | undefined;
  driver?: string | undefined;
  /** Telemetry is many and hurries nobody. */
  isTelemetry?: boolean;
}

/** Adds a milestone; one that names no shipment is told of in a finding. */
export function addMilestone(scope: Scope, input: MilestoneInput): void {
  if (input.identifiers.length === 0) {
    scope.builder.finding(
      "warning",
      "no_identifier",
      input.node.path,
      `${input.rawCode} names nothing that is carried`,
    );
    return;
  }
  const milestone: UnkeyedMilestone = defined({
    kind: "milestone" as const,
    message_path: input.node.path,
    identifiers: input.identifiers,
    applies_to: input.appliesTo,
    source_event: sourceEvent(input.event),
    version: scope.version,
    recorded_at: scope.recordedAt,
    code: input.code,
    conditions: input.conditions,
    classifier: input.classifier,
    occurred: input.occurred,
    stop: input.stop,
    place: input.place,
    reasons: input.reasons,
    raw_code: cleanText(input.rawCode, 64) ?? "-",
    raw_text: input.text,
    vehicle: input.vehicle,
    trailer: input.trailer,
    driver: input.driver,
  });
  const priority = input.isTelemetry ? "position" : milestonePriority(milestone);
  scope.builder.add(milestone, priority, input.lane);
}

export function sourceEvent(text: string): string {
  return cleanText(text, 128) ?? "-";
}

/** The result's reason in canonical terms; none when the action went well. */
export function reasonsOf(result: JsonNode): Milestone["reasons"] {
  const raw = result.at("reason").text(64);
  if (raw === undefined) return undefined;
  const code = Object.hasOwn(RESULT_REASONS, raw) ? RESULT_REASONS[raw] : undefined;
  return [{ code: code ?? "other", raw }];
}
