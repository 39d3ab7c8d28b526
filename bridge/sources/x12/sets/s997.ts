/**
 * 997, functional acknowledgement of what we sent: receipt, never acceptance of the order.
 *
 * It moves no milestone. A rejection is an error finding, so that somebody mends the order.
 */
import { lookup } from "../codes/lookup.ts";
import type { SetContext } from "../set_context.ts";

const REJECTED = new Set(["R", "M", "W", "X"]);

export function read997(context: SetContext): void {
  const ak1 = context.indexOf("AK1");
  if (ak1 === -1) return context.missing("AK1", "a 997 without AK1 acknowledges nothing");
  const group = `${context.text(ak1, 1, 8) ?? "?"} ${context.text(ak1, 2, 16) ?? "?"}`;
  let judged = false;
  let set: RejectedSet = { name: "a set", faults: [] };
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "AK2") set = { name: setName(context, index), faults: [] };
    else if (id === "AK3" || id === "AK4") addFault(context, index, id, set.faults);
    else if (id === "AK5") readSet(context, index, group, set);
    else if (id === "AK9") {
      judged = true;
      readGroup(context, index, group);
    }
  }
  if (!judged) context.missing("AK9", "a 997 without AK9 gives no verdict");
}

interface RejectedSet {
  name: string;
  /** The first errors that the partner names. */
  faults: string[];
}

const MAX_FAULTS = 5;

function setName(context: SetContext, ak2: number): string {
  return `${context.text(ak2, 1, 8) ?? "?"} ${context.text(ak2, 2, 16) ?? "?"}`;
}

function addFault(context: SetContext, index: number, id: "AK3" | "AK4", faults: string[]): void {
  if (faults.length >= MAX_FAULTS) return;
  const [what, n] = id === "AK3" ? (["at", 2] as const) : (["code", 3] as const);
  const name = id === "AK3" ? "segment" : "element";
  const text = (element: number) => context.text(index, element, 8) ?? "?";
  faults.push(`${name} ${text(1)} ${what} ${text(n)}`);
}

function readSet(context: SetContext, ak5: number, group: string, set: RejectedSet): void {
  const code = context.text(ak5, 1, 2) ?? "?";
  if (code === "A") return;
  const named = set.faults.length === 0 ? "" : `: ${set.faults.join(", ")}`;
  const text = `the partner ${verb(code)} ${set.name} of group ${group}${named}`;
  const severity = REJECTED.has(code) ? "error" : "warning";
  context.finding(severity, severity === "error" ? "set_rejected" : "set_faults", text, ak5, {
    element: 1,
  });
}

function readGroup(context: SetContext, ak9: number, group: string): void {
  const code = context.text(ak9, 1, 2) ?? "?";
  const text = `the partner ${verb(code)} group ${group}`;
  if (REJECTED.has(code) || code === "P") {
    context.finding("error", "group_rejected", text, ak9, { element: 1 });
  } else if (code === "A" || code === "E") {
    context.finding("warning", "group_received", text, ak9, { element: 1 });
  } else context.finding("error", "unmapped_code", text, ak9, { element: 1, elementCode: "7" });
}

const VERBS: Readonly<Record<string, string>> = {
  A: "received",
  E: "received with errors",
  P: "took only a part of",
};

function verb(code: string): string {
  return lookup(VERBS, code) ?? (REJECTED.has(code) ? "rejected" : `said "${code}" of`);
}
