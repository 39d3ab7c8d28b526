/**
 * 990, response to a load tender.
 *
 * A is an acceptance; E declines. D cancels a reservation, but carriers also send it for a decline:
 * which one it is depends on whether an A came before, and reading knows only this message. So D
 * is told as a decline with its own raw code, and Odoo, which has the set of facts, sees a decline
 * of an open tender or one after an acceptance. B and C accept under other terms: they stay
 * unmapped for a dispatcher, with the carrier's words.
 */
import { lookup } from "../codes/lookup.ts";
import type { MilestoneCode } from "../../../canonical/codes.ts";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";

const ACTIONS: Readonly<Record<string, MilestoneCode>> = {
  A: "tender_accepted",
  D: "tender_declined",
  E: "tender_declined",
};

const CONDITIONAL: Readonly<Record<string, string>> = {
  B: "accepted under conditions",
  C: "answered with a counter-proposal",
};

export function read990(context: SetContext): void {
  const b1 = context.indexOf("B1");
  if (b1 === -1) return context.missing("B1", "a 990 without B1 answers no tender");
  const action = context.text(b1, 4, 4);
  if (action === undefined) {
    context.rejected = true;
    const fault = { element: 4, elementCode: "1" };
    return context.finding("error", "missing_element", "a 990 without answer", b1, fault);
  }
  const { named, words, reasons } = readRest(context);
  const number = context.text(b1, 2, 128);
  const names = identifiers(...shipmentNumber(number), ...named);
  if (names.length === 0) {
    return context.finding("error", "no_identifier", "the answer names no tender", b1);
  }
  const code = lookup(ACTIONS, action);
  if (code === undefined) sayOpen(context, b1, action);
  const occurred = answeredAt(context, b1);
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      message_path: context.path(b1, 4),
      identifiers: names,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      source_event: sourceEventOf([context.text(b1, 1, 8), number, "990", action, occurred.at]),
      code,
      classifier: "actual" as const,
      occurred,
      reasons: reasons.length === 0 ? undefined : reasons.slice(0, 8),
      raw_code: `990/${action}`,
      raw_text: words.length === 0 ? undefined : words.join(" ").slice(0, 512),
    }),
    number ?? names[0]?.value ?? "-",
  );
}

/** B103 is only a day; of that day the message's own time is exact enough to order A before D. */
function answeredAt(context: SetContext, b1: number): Instant {
  const made: Instant = { at: context.recordedAt, precision: "minute", zone_inferred: true };
  if (context.text(b1, 3) === undefined) return made;
  const zone = { zone: context.settings.zone, certain: false };
  const day = context.instant(b1, [3], zone);
  const sameDay = day !== undefined && Math.abs(Date.parse(day.at) - Date.parse(made.at)) < DAY;
  return day === undefined || sameDay ? made : day;
}

const DAY = 86_400_000;

function sayOpen(context: SetContext, b1: number, action: string): void {
  const known = lookup(CONDITIONAL, action);
  const text = known ? `the carrier ${known}: decide` : `no meaning is known for ${action}`;
  context.finding("warning", known ? "needs_decision" : "unmapped_code", text, b1, { element: 4 });
}

/** References, and the reasons in V9, K1 and L11, which are the partner's own. */
function readRest(context: SetContext) {
  const named: Named[] = [];
  const words: string[] = [];
  const reasons: Array<{ code: "other"; raw: string }> = [];
  const say = (index: number, ...elements: number[]) => {
    for (const n of elements) {
      const text = context.text(index, n);
      if (text !== undefined) words.push(text);
    }
  };
  for (const [index, { id }] of context.segments.entries()) {
    named.push(...namesAt(context, index));
    if (id === "L11") say(index, 3);
    else if (id === "K1") say(index, 1, 2);
    else if (id === "V9") {
      say(index, 2);
      const raw = context.text(index, 8, 64);
      if (raw !== undefined) reasons.push({ code: "other", raw });
    }
  }
  return { named, words, reasons };
}
