/** From evaluated records to canonical facts, each checked against the canonical model. */
import {
  BILLING_MILESTONES,
  defined,
  milestonePriority,
  ReadingBuilder,
  type UnkeyedPod,
} from "../shared/reading/reading.ts";
import { JsonNode } from "../shared/json/node.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { UnkeyedFact } from "../../canonical/fact_key.ts";
import type { ProofLink } from "../../canonical/proof_link.ts";
import type { Priority, Reading } from "../../canonical/reading.ts";
import type { EvaluatedDocument, EvaluatedFact, EvaluatedRecord } from "./evaluation.ts";
import type { FactHead } from "./fact_head.ts";
import { mappingLabel, type Mapping } from "./mapping.ts";
import type { Rule } from "./rules.ts";
import { milestoneOf } from "./milestones.ts";
import { carrierInvoiceOf, chargeOf } from "./money.ts";
import { itineraryOf } from "./itineraries.ts";
import { linkedPapersOf, proofOfDeliveryOf, provesNothing } from "./proofs.ts";
import { identifiersAt, instantAt, isTrueAt, type Reader, textAt } from "./values.ts";

/** A fact on its way into the reading. `entity` is the thing whose snapshot it is part of. */
export interface BuiltFact {
  fact: UnkeyedFact;
  priority: Priority;
  lane: string;
  entity?: string;
}

export interface Built {
  builder: ReadingBuilder;
  facts: BuiltFact[];
  /** Entities that the message shows, and how retractions name them. */
  entities: Map<string, { identifiers: Identifier[]; lane: string; recorded_at: string }>;
}

/** The facts of an evaluated message, not yet added to the reading. */
export function buildFacts(
  mapping: Mapping,
  evaluated: EvaluatedDocument,
  receivedAt: Date,
): Built {
  const built: Built = { builder: new ReadingBuilder(receivedAt), facts: [], entities: new Map() };
  for (const { at, path, text } of evaluated.failures) {
    built.builder.finding("error", "expression_failed", path, `${at}: ${text}`);
  }
  for (const record of evaluated.records) addRecord(built, mapping, record, receivedAt);
  if (evaluated.skipped > 0) {
    const text = `${evaluated.skipped} records are of no concern, says the mapping`;
    built.builder.finding("warning", "skipped_records", "", text);
  }
  return built;
}

/** The reading: every fact is checked on its way in. */
export function readingOf(mapping: Mapping, { builder, facts }: Built): Reading {
  for (const { fact, priority, lane } of facts) builder.add(fact, priority, lane);
  return { ...builder.done(), mapping: mappingLabel(mapping) };
}

function addRecord(
  built: Built,
  mapping: Mapping,
  record: EvaluatedRecord,
  receivedAt: Date,
): void {
  const head = new JsonNode(record.head);
  const reader: Reader = { builder: built.builder, mapping, path: record.path };
  const identifiers = identifiersAt(head.at("identifiers"));
  const recorded_at =
    instantAt(reader, head.at("recorded_at"), mapping.recorded_at)?.at ?? utcOf(receivedAt);
  const lane = textAt(head.at("lane"), 128) ?? identifiers[0]?.value ?? "-";
  const entity = textAt(head.at("entity"), 128);
  if (entity !== undefined && identifiers.length > 0) {
    built.entities.set(entity, { identifiers, lane, recorded_at });
  }
  let made = 0;
  for (const evaluated of record.facts) {
    const rule = mapping.facts[evaluated.rule];
    if (rule === undefined) continue;
    made += 1;
    addFact(built, { ...reader, path: evaluated.path }, rule, evaluated, {
      identifiers,
      recorded_at,
      lane,
      entity,
    });
  }
  if (made === 0) {
    built.builder.finding("warning", "no_events", record.path, "no rule of the mapping fits");
  }
}

interface Head {
  identifiers: Identifier[];
  recorded_at: string;
  lane: string;
  entity: string | undefined;
}

function addFact(
  built: Built,
  reader: Reader,
  rule: Rule,
  { values: tree, path }: EvaluatedFact,
  head: Head,
): void {
  const values = new JsonNode(tree);
  const own = identifiersAt(values.at("identifiers"));
  const common: FactHead = {
    identifiers: [...own, ...head.identifiers].slice(0, 40),
    applies_to: rule.applies_to,
    recorded_at: head.recorded_at,
    ...(path !== "" && { message_path: path.slice(0, 256) }),
    ...defined({
      source_event: textAt(values.at("event"), 128),
      version: readUtc(textAt(values.at("version"), 64), reader.mapping.zone),
    }),
  };
  if (common.identifiers.length === 0) {
    return reader.builder.finding(
      "error",
      "no_identifier",
      path,
      "nothing says which shipment it is",
    );
  }
  const { lane, entity } = head;
  const add = (fact: UnkeyedFact, priority: Priority) =>
    built.facts.push({ fact, priority, lane, ...(entity !== undefined && { entity }) });
  if (isTrueAt(values.at("retracted"))) {
    const { source_event, version: _version, ...rest } = common;
    if (source_event === undefined) {
      return reader.builder.finding("error", "no_event_id", path, "what is withdrawn has no id");
    }
    return void add({ ...rest, kind: "retraction", target: { source_event } }, "billing");
  }
  const fact = factOf(reader, rule, values, common);
  if (fact === undefined || !mayPublish(reader, fact)) return;
  if (entity !== undefined) fact.source_event ??= slotName(entity, fact);
  if (fact.kind === "proof_of_delivery") {
    const papers = linkedPapersOf(values.at("documents"));
    for (const [index, paper] of papers.entries()) {
      const isAgain = papers.slice(0, index).some(({ name }) => name === paper.name);
      built.builder.link(linkOf(fact, lane, paper, isAgain ? index : 0));
    }
    if (papers.length > 0 && provesNothing(fact)) return;
  }
  add(fact, fact.kind === "milestone" ? milestonePriority(fact) : priorityOf(fact.kind));
}

function linkOf(
  { kind: _kind, documents: _documents, source_event: event, ...proof }: UnkeyedPod,
  lane: string,
  { url, name }: { url: string; name: string | undefined },
  number: number,
): ProofLink {
  // Pictures of one event often have one name.
  const paper = number === 0 ? name : `${name} ${number}`;
  const id = event === undefined || name === undefined ? undefined : `${event} ${paper}`;
  const events = event === undefined ? undefined : [event];
  return { url, id, name, lane, proof: { ...proof, events } };
}

/** What of a thing's snapshot the fact tells, when the mapping gives it no id of its own. */
function slotName(entity: string, fact: UnkeyedFact): string {
  const stop = "stop" in fact ? fact.stop : undefined;
  const where = stop?.id ?? stop?.sequence ?? stop?.kind ?? "";
  return [entity, where, fact.kind, "raw_code" in fact ? fact.raw_code : ""]
    .join("/")
    .slice(0, 128);
}

function factOf(
  reader: Reader,
  rule: Rule,
  values: JsonNode,
  common: FactHead,
): UnkeyedFact | undefined {
  switch (rule.kind) {
    case "milestone":
      return milestoneOf(reader, rule, values, common);
    case "proof_of_delivery":
      return proofOfDeliveryOf(reader, rule, values, common);
    case "charge":
      return chargeOf(reader, rule, values, common);
    case "carrier_invoice":
      return carrierInvoiceOf(reader, rule, values, common);
    case "itinerary":
      return itineraryOf(reader, rule, values, common);
  }
}

function priorityOf(kind: UnkeyedFact["kind"]): Priority {
  return kind === "itinerary" ? "eta" : "billing";
}

/** Seeing is not billing: what the file gives no authority for is shown and goes no further. */
function mayPublish({ builder, mapping, path }: Reader, fact: UnkeyedFact): boolean {
  const allowed: ReadonlySet<string> = new Set(mapping.authority?.billing ?? BILLING_MILESTONES);
  const what = billingName(fact);
  if (what === undefined || allowed.has(what)) return true;
  const text = `authority.billing of the mapping does not name ${what}`;
  builder.finding("error", "no_authority", path, text);
  return false;
}

function billingName(fact: UnkeyedFact): string | undefined {
  if (fact.kind === "itinerary" || fact.kind === "retraction") return undefined;
  if (fact.kind !== "milestone") return fact.kind;
  const { code, classifier } = fact;
  return code !== undefined && classifier === "actual" && BILLING_MILESTONES.has(code)
    ? code
    : undefined;
}
