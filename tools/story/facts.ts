/** Facts as a source would give them, told by a few words. */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  CONTRACT_VERSION,
  MAX_BATCH_FACTS,
  type Verdict,
} from "../../bridge/canonical/exchange.ts";
import type {
  Classifier,
  Condition,
  ExceptionReason,
  MilestoneCode,
  StopKind,
} from "../../bridge/canonical/codes.ts";
import type { Itinerary, StopReference } from "../../bridge/canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";
import type { Instant } from "../../bridge/canonical/values.ts";
import type { Call } from "./rpc.ts";

/** A validation holds a shipment for less than a second. */
const LOCKED_TRIES = 20;
const LOCKED_MS = 250;

/** A fact and when the bridge received the message that said it. */
export interface Told {
  fact: UnkeyedFact;
  receivedAt: Date;
}

export interface MilestoneWords {
  code?: MilestoneCode;
  classifier?: Classifier;
  conditions?: Condition[];
  reason?: ExceptionReason;
  stop?: StopReference;
  place?: string;
  /** As the partner wrote it; the code in capitals unless given. */
  rawCode?: string;
  rawText?: string;
  /** Several words on one event: the later one corrects the earlier. */
  event?: string;
  receivedAt?: Date;
}

export interface StopWords {
  id: string;
  kind: StopKind;
  name: string;
  city: string;
  country: string;
  zone: string;
  arrival?: Date;
  departure?: Date;
}

/** UTC to the second, as the contract wants it. */
export function utcText(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

function instantOf(at: Date): Instant {
  return { at: utcText(at), precision: "second" };
}

/** What is common to all facts of a shipment, named by its number. */
function common(shipment: string, saidAt: Date) {
  return {
    identifiers: [{ type: "shipment" as const, value: shipment }],
    applies_to: "one" as const,
    recorded_at: utcText(saidAt),
  };
}

export function milestone(shipment: string, at: Date, words: MilestoneWords): Told {
  const receivedAt = words.receivedAt ?? at;
  return {
    receivedAt,
    fact: {
      kind: "milestone",
      ...common(shipment, receivedAt),
      classifier: words.classifier ?? "actual",
      occurred: instantOf(at),
      raw_code: words.rawCode ?? (words.code ?? "note").toUpperCase(),
      ...(words.code === undefined ? {} : { code: words.code }),
      ...(words.conditions === undefined ? {} : { conditions: words.conditions }),
      ...(words.stop === undefined ? {} : { stop: words.stop }),
      ...(words.reason === undefined ? {} : { reasons: [{ code: words.reason }] }),
      ...(words.place === undefined ? {} : { place: { name: words.place } }),
      ...(words.rawText === undefined ? {} : { raw_text: words.rawText }),
      ...(words.event === undefined
        ? {}
        : { source_event: words.event, version: utcText(receivedAt) }),
    },
  };
}

export function itinerary(
  shipment: string,
  saidAt: Date,
  carrier: string,
  stops: readonly StopWords[],
): Told {
  const planned: Itinerary["stops"] = stops.map((stop, index) => ({
    id: stop.id,
    sequence: index + 1,
    kind: stop.kind,
    place: { name: stop.name, city: stop.city, country: stop.country, zone: stop.zone },
    ...(stop.arrival === undefined ? {} : { planned_arrival: instantOf(stop.arrival) }),
    ...(stop.departure === undefined ? {} : { planned_departure: instantOf(stop.departure) }),
  }));
  return {
    receivedAt: saidAt,
    fact: {
      kind: "itinerary",
      ...common(shipment, saidAt),
      stops: planned,
      carrier_name: carrier,
    },
  };
}

export function proofOfDelivery(shipment: string, at: Date, signer: string): Told {
  return {
    receivedAt: at,
    fact: {
      kind: "proof_of_delivery",
      ...common(shipment, at),
      delivered: instantOf(at),
      signer,
      signed: true,
    },
  };
}

export function retraction(shipment: string, saidAt: Date, sourceEvent: string): Told {
  return {
    receivedAt: saidAt,
    fact: {
      kind: "retraction",
      ...common(shipment, saidAt),
      target: { source_event: sourceEvent },
    },
  };
}

/** Hands the facts to Odoo as the bridge does, each in a message of its own. */
export async function ingest(
  call: Call,
  connection: string,
  mapping: string,
  told: readonly Told[],
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let at = 0; at < told.length; at += MAX_BATCH_FACTS) {
    const part = told.slice(at, at + MAX_BATCH_FACTS).map((one) => ({ ...one, id: randomUUID() }));
    const batch = {
      contract: CONTRACT_VERSION,
      connection,
      messages: part.map(({ id, receivedAt }) => ({
        id,
        sha256: createHash("sha256").update(id).digest("hex"),
        received_at: utcText(receivedAt),
        mapping,
        channel: "webhook",
      })),
      facts: part.map(({ fact, id }) => ({ ...fact, key: factKey(fact), message: id })),
    };
    verdicts.push(...(await settled(call, batch)));
  }
  return verdicts;
}

/** Facts of a shipment that Odoo's own work holds just then are told again, as a bridge does. */
async function settled(
  call: Call,
  batch: { facts: { key: string }[] } & Record<string, unknown>,
): Promise<Verdict[]> {
  const verdicts = new Map<string, Verdict>();
  let { facts } = batch;
  for (let left = LOCKED_TRIES; facts.length > 0 && left >= 0; left--) {
    const answer = await call("bridge", "milepost.exchange", "ingest", {
      batch: { ...batch, facts },
    });
    for (const one of (answer as { verdicts: Verdict[] }).verdicts) verdicts.set(one.key, one);
    facts = facts.filter(({ key }) => verdicts.get(key)?.status === "retry");
    if (facts.length > 0) await setTimeout(LOCKED_MS);
  }
  return batch.facts.map(({ key }) => verdicts.get(key)!);
}
