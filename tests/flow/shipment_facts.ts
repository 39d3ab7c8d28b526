/** Random but sensible facts about one shipment, for the properties that Odoo must keep. */
import fc from "fast-check";
import {
  CLASSIFIERS,
  CONDITIONS,
  EXCEPTION_REASONS,
  MILESTONE_CODES,
} from "../../bridge/canonical/codes.ts";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";

/** Seconds after the shipment's day began, as the UTC text of the model. */
const instantText = (seconds: number): string =>
  new Date(Date.UTC(2026, 10, 2) + seconds * 1000).toISOString().replace(".000Z", "Z");

const seconds = fc.integer({ min: 0, max: 3 * 86_400 });
const STOPS = ["stop-pickup", "stop-hub", "stop-delivery"] as const;

/** The fact without its shipment: identifiers are put in for each shipment that a run creates. */
export type Template = UnkeyedFact;

const milestone: fc.Arbitrary<Template> = fc
  .record({
    code: fc.constantFrom(...MILESTONE_CODES),
    classifier: fc.constantFrom(...CLASSIFIERS),
    occurred: seconds,
    recorded: seconds,
    stop: fc.option(fc.constantFrom(...STOPS), { nil: undefined }),
    conditions: fc.uniqueArray(fc.constantFrom(...CONDITIONS), { maxLength: 2 }),
    reason: fc.option(fc.constantFrom(...EXCEPTION_REASONS), { nil: undefined }),
    event: fc.option(fc.constantFrom("event-1", "event-2", "event-3"), { nil: undefined }),
  })
  .map((m) => ({
    kind: "milestone" as const,
    identifiers: [],
    applies_to: "one" as const,
    code: m.code,
    classifier: m.classifier,
    conditions: m.conditions,
    occurred: { at: instantText(m.occurred), precision: "second" as const },
    recorded_at: instantText(m.recorded),
    ...(m.stop === undefined ? {} : { stop: { id: m.stop } }),
    ...(m.reason === undefined ? {} : { reasons: [{ code: m.reason }] }),
    ...(m.event === undefined ? {} : { source_event: m.event, version: instantText(m.recorded) }),
    raw_code: m.code,
  }));

const itinerary: fc.Arbitrary<Template> = fc
  .record({ recorded: seconds, planned: seconds, hub: fc.boolean() })
  .map(({ recorded, planned, hub }) => ({
    kind: "itinerary" as const,
    identifiers: [],
    applies_to: "one" as const,
    recorded_at: instantText(recorded),
    stops: [
      { id: STOPS[0], sequence: 1, kind: "pickup" as const },
      ...(hub ? [{ id: STOPS[1], sequence: 2, kind: "terminal" as const }] : []),
      {
        id: STOPS[2],
        sequence: 3,
        kind: "delivery" as const,
        window_end: { at: instantText(planned), precision: "minute" as const },
      },
    ],
  }));

const proof: fc.Arbitrary<Template> = fc
  .record({
    recorded: seconds,
    stop: fc.option(fc.constantFrom(...STOPS), { nil: undefined }),
    event: fc.constantFrom("proof-1", "proof-2"),
    signer: fc.constantFrom("De Vries", "Petersen"),
    short: fc.integer({ min: 0, max: 3 }),
  })
  .map((p) => ({
    kind: "proof_of_delivery" as const,
    identifiers: [],
    applies_to: "one" as const,
    recorded_at: instantText(p.recorded),
    source_event: p.event,
    version: instantText(p.recorded),
    ...(p.stop === undefined ? {} : { stop: { id: p.stop } }),
    signer: p.signer,
    quantities: [
      { quantity: String(12 - p.short), outcome: "accepted" as const },
      { quantity: String(p.short), outcome: "short" as const },
    ],
  }));

const retraction: fc.Arbitrary<Template> = fc
  .record({
    event: fc.constantFrom("event-1", "event-2", "event-3", "proof-1"),
    recorded: seconds,
  })
  .map(({ event, recorded }) => ({
    kind: "retraction" as const,
    identifiers: [],
    applies_to: "one" as const,
    recorded_at: instantText(recorded),
    target: { source_event: event },
  }));

/** Between 3 and 16 facts: mostly milestones, some plans and proofs, seldom a retraction. */
export const factTemplates: fc.Arbitrary<Template[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: milestone },
    { weight: 2, arbitrary: itinerary },
    { weight: 2, arbitrary: proof },
    {
      weight: 1,
      arbitrary: retraction,
    },
  ),
  { minLength: 3, maxLength: 16 },
);

/** The facts as a partner would send them for the shipment that holds `entity`. */
export function factsFor(entity: string, templates: readonly Template[]): Fact[] {
  return templates.map((template) => {
    const unkeyed = { ...template, identifiers: [{ type: "entity" as const, value: entity }] };
    return { ...unkeyed, key: factKey(unkeyed), message: "message-1" };
  });
}
