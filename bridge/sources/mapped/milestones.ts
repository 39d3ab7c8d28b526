/** Milestones of a mapping: the sender's code through the file's table. */
import {
  CLASSIFIERS,
  STOP_KINDS,
  type Classifier,
  type Condition,
  type ExceptionReason,
  type MilestoneCode,
  type StopKind,
} from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined, type UnkeyedMilestone } from "../shared/reading/reading.ts";
import type { Mapping } from "./mapping.ts";
import type { RuleOf } from "./rules.ts";
import type { FactHead } from "./fact_head.ts";
import { instantAt, placeAt, type Reader, textAt, wordAt } from "./values.ts";

interface Meaning {
  milestone?: MilestoneCode | undefined;
  conditions?: Condition[] | undefined;
  classifier?: Classifier | undefined;
  stop?: StopKind | undefined;
  reason?: ExceptionReason | undefined;
}

/** The milestone; nothing when it is of no concern, or says no time (then a finding says so). */
export function milestoneOf(
  reader: Reader,
  rule: RuleOf<"milestone">,
  values: JsonNode,
  common: FactHead,
): UnkeyedMilestone | undefined {
  const { builder, mapping, path } = reader;
  const rawCode = textAt(values.at("code"), 64);
  if (rawCode === undefined) {
    builder.finding("error", "no_code", path, "the event has no code");
    return undefined;
  }
  const meaning = meaningOf(mapping, rawCode);
  if (meaning === "ignored") {
    builder.finding(
      "warning",
      "ignored_code",
      path,
      `"${rawCode}" is of no concern, says the mapping`,
    );
    return undefined;
  }
  const { place, zone } = placeAt(values.at("place"));
  const occurred = instantAt(reader, values.at("occurred"), rule.occurred, zone?.zone);
  if (occurred === undefined) {
    builder.finding("error", "no_time", path, `"${rawCode}" has no time that can be read`);
    return undefined;
  }
  if (meaning === undefined) {
    builder.finding("warning", "unmapped_code", path, `"${rawCode}" is in no table of the mapping`);
  }
  return defined({
    ...common,
    kind: "milestone" as const,
    code: meaning?.milestone,
    conditions: meaning?.conditions,
    classifier:
      meaning?.classifier ??
      wordAt<Classifier>(
        reader,
        values.at("classifier"),
        rule.classifier,
        CLASSIFIERS,
        "classifier",
      ) ??
      "actual",
    occurred,
    stop: stopOf(reader, rule.stop, values.at("stop"), meaning?.stop),
    place,
    reasons: reasonsOf(reader, values.at("reason"), meaning?.reason),
    raw_code: rawCode,
    raw_text: textAt(values.at("text"), 512),
    vehicle: textAt(values.at("vehicle"), 128),
    trailer: textAt(values.at("trailer"), 128),
    driver: textAt(values.at("driver"), 128),
  });
}

function meaningOf({ codes }: Mapping, raw: string): Meaning | "ignored" | undefined {
  if (!Object.hasOwn(codes.milestones, raw)) return undefined;
  const entry = codes.milestones[raw];
  if (typeof entry !== "object") return { milestone: entry };
  return "ignore" in entry ? "ignored" : entry;
}

/** Which stop is meant: what the message says, then what the code implies. */
export function stopOf(
  reader: Reader,
  rule: { kind?: StopKind | { from: unknown } | undefined } | undefined,
  values: JsonNode,
  implied?: StopKind,
): StopReference | undefined {
  const sequence = textAt(values.at("sequence"), 16);
  const kind =
    wordAt<StopKind>(reader, values.at("kind"), rule?.kind, STOP_KINDS, "stop/kind") ?? implied;
  const stop: StopReference = defined({
    id: textAt(values.at("id"), 128),
    sequence: sequence !== undefined && /^\d{1,4}$/.test(sequence) ? Number(sequence) : undefined,
    kind,
  });
  return Object.keys(stop).length === 0 ? undefined : stop;
}

/** Reasons by the file's table; one that is not there is kept as `other` with its text. */
function reasonsOf(
  { mapping }: Reader,
  node: JsonNode,
  implied: ExceptionReason | undefined,
): UnkeyedMilestone["reasons"] {
  const raw = textAt(node, 128);
  if (raw === undefined) return implied === undefined ? undefined : [{ code: implied }];
  return [{ code: reasonOf(mapping, raw), raw }];
}

export function reasonOf({ codes }: Mapping, raw: string): ExceptionReason {
  return (Object.hasOwn(codes.reasons, raw) ? codes.reasons[raw] : undefined) ?? "other";
}
