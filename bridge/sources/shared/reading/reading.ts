/** Gathers what a message says: facts that satisfy the canonical model, findings for the rest. */
import type { z } from "zod";
import { checkFact } from "../../../canonical/checked_fact.ts";
import type { Milestone, ProofOfDelivery, Retraction } from "../../../canonical/fact.ts";
import type { UnkeyedFact } from "../../../canonical/fact_key.ts";
import {
  canonicalIdentifier,
  type Identifier,
  type IdentifierType,
} from "../../../canonical/identifiers.ts";
import type { MilestoneCode } from "../../../canonical/codes.ts";
import type { ProofLink } from "../../../canonical/proof_link.ts";
import type { Finding, Priority, Reading } from "../../../canonical/reading.ts";
import { pointer } from "../json/json_pointer.ts";
import { cleanText } from "./clean_text.ts";
import { aheadOfReceipt } from "./receipt.ts";

/** A fact of one kind before it has its key and message. */
export type Unkeyed<F> = Omit<F, "key" | "message">;
export type UnkeyedMilestone = Unkeyed<Milestone>;
export type UnkeyedPod = Unkeyed<ProofOfDelivery>;
export type UnkeyedRetraction = Unkeyed<Retraction>;

/** Class B of the canonical milestones: what billing waits for overtakes the rest. */
export const BILLING_MILESTONES: ReadonlySet<MilestoneCode> = new Set<MilestoneCode>([
  "arrived_pickup",
  "picked_up",
  "available",
  "last_free_day",
  "delivery_attempted",
  "arrived_delivery",
  "delivered",
  "partially_delivered",
  "refused",
  "returned",
  "cancelled",
]);
const EXCEPTIONS = new Set<MilestoneCode>([
  "delayed",
  "customs_hold",
  "customs_released",
  "tender_declined",
]);
const POSITIONS = new Set<MilestoneCode>(["in_transit"]);

/** Priority of a milestone: billing for what happened and has a price, then trouble, then forecasts. */
export function milestonePriority(milestone: UnkeyedMilestone): Priority {
  const { code, classifier, conditions } = milestone;
  if (classifier !== "actual") return "eta";
  if (code !== undefined && BILLING_MILESTONES.has(code)) return "billing";
  if (conditions?.includes("pod_available") || conditions?.includes("departed_delivery"))
    return "billing";
  if (conditions !== undefined || code === undefined || EXCEPTIONS.has(code)) return "exception";
  return POSITIONS.has(code) ? "position" : "eta";
}

const MAX_IDENTIFIERS = 40;

export class ReadingBuilder {
  #reading: Reading = { facts: [], findings: [] };
  /** Whether something was taken out of it before. */
  #begun = false;
  readonly #receivedAt: Date | undefined;
  readonly #found = new Set<string>();

  /** `receivedAt`: when the message came; facts ahead of it are flagged (see `receipt.ts`). */
  constructor(receivedAt?: Date) {
    this.#receivedAt = receivedAt;
  }

  get isEmpty(): boolean {
    const { facts, findings, links = [] } = this.#reading;
    return facts.length + findings.length + links.length === 0;
  }

  /** How much was gathered so far. */
  get counts(): { facts: number; findings: number } {
    return { facts: this.#reading.facts.length, findings: this.#reading.findings.length };
  }

  get hasErrors(): boolean {
    return this.#reading.findings.some((it) => it.severity === "error");
  }

  /** Adds a fact; one that the canonical model refuses becomes an error finding instead. */
  add(read: UnkeyedFact, priority: Priority, lane: string): boolean {
    const { message_path: path = "", ...said } = read;
    // The root's JSON pointer is the empty text, which the contract does not know: it goes without.
    const fact = (path === "" ? said : { ...said, message_path: path }) as UnkeyedFact;
    const checked = checkFact(fact);
    if ("error" in checked) {
      this.finding("error", "not_canonical", path, issueText(checked.error));
      return false;
    }
    const ahead = this.#receivedAt && aheadOfReceipt(checked.fact, this.#receivedAt);
    if (ahead !== undefined) this.finding("error", "ahead_of_receipt", path, ahead);
    this.#reading.facts.push({ fact: checked.fact, priority, lane: cleanText(lane, 128) ?? "-" });
    return true;
  }

  /**
   * A proof of delivery behind a link: it becomes a fact once it is fetched. One that names no
   * shipment is told of.
   */
  link(link: ProofLink): void {
    const { message_path: path = "", identifiers: names } = link.proof;
    if (names.length === 0)
      this.finding("warning", "no_identifier", path, "the link names nothing that is carried");
    else (this.#reading.links ??= []).push(link);
  }

  milestone(milestone: UnkeyedMilestone, lane: string): boolean {
    return this.add(milestone, milestonePriority(milestone), lane);
  }

  /** Every fault of an entity or event of which nothing is read; the first stands for its loss. */
  lost(code: string, faults: ReadonlyArray<{ path: string; text: string }>): void {
    for (const [index, { path, text }] of faults.entries()) {
      const finding: Finding = { severity: "error", code, path, text };
      this.#reading.findings.push(index === 0 ? { ...finding, lost: true } : finding);
    }
  }

  /** Says once what is wrong at a place, however many facts are read from it. */
  finding(severity: Finding["severity"], code: string, path: string, text: string): void {
    const said = `${code} ${path} ${text}`;
    if (this.#found.has(said)) return;
    this.#found.add(said);
    this.#reading.findings.push({ severity, code, path, text });
  }

  /** Says it only where it is first found, however many places have it. */
  once(severity: Finding["severity"], code: string, path: string, text: string): void {
    const said = `${code} ${text}`;
    if (this.#found.has(said)) return;
    this.#found.add(said);
    this.finding(severity, code, path, text);
  }

  /** What was gathered since the last time, for messages that are read in parts. */
  take(): Reading {
    const reading = this.#reading;
    this.#begun ||= !this.isEmpty;
    this.#reading = { facts: [], findings: [] };
    return reading;
  }

  /** The (rest of the) reading; a message that said nothing says at least that. */
  done(): Reading {
    if (this.isEmpty && !this.#begun)
      this.finding("warning", "no_events", "", "the message names no event");
    return this.#reading;
  }
}

/** Identifiers in canonical form, without empty or repeated ones, in the order given. */
export function identifiers(
  ...candidates: ReadonlyArray<readonly [IdentifierType, string | undefined]>
): Identifier[] {
  const list: Identifier[] = [];
  for (const [type, raw] of candidates) {
    const text = raw === undefined ? undefined : cleanText(raw, 128);
    const value = text === undefined ? undefined : canonicalIdentifier(type, text);
    if (value === undefined || list.length >= MAX_IDENTIFIERS) continue;
    if (!list.some((known) => known.type === type && known.value === value))
      list.push({ type, value });
  }
  return list;
}

/**
 * A reference that our own people gave to the partner: Milepost's shipment number, or the order's.
 */
export function ownReference(
  value: string | undefined,
): Array<readonly [IdentifierType, string | undefined]> {
  return [
    ["shipment", value],
    ["customer_ref", value],
  ];
}

/** The same object without members that are undefined, which the contract does not know. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "refused" : `${pointer(issue.path)}: ${issue.message}`.slice(0, 300);
}
