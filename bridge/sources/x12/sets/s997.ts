/**
 * 997, functional acknowledgement of what we sent: receipt, never acceptance of the order.
 *
 * It moves no milestone. A rejection is an error finding, so that somebody mends the order.
 */
import type { SetContext } from "../set_context.ts";

const REJECTED = new Set(["R", "M", "W", "X"]);

export function read997(context: SetContext): void {
  const ak1 = context.indexOf("AK1");
  if (ak1 === -1) return context.missing("AK1", "a 997 without AK1 acknowledges nothing");
  const group = `${context.text(ak1, 1, 8) ?? "?"} ${context.text(ak1, 2, 16) ?? "?"}`;
  let judged = false;
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "AK5") readSet(context, index, group);
    else if (id === "AK9") {
      judged = true;
      readGroup(context, index, group);
    }
  }
  if (!judged) context.missing("AK9", "a 997 without AK9 gives no verdict");
}

function readSet(context: SetContext, ak5: number, group: string): void {
  const code = context.text(ak5, 1, 2) ?? "?";
  if (code === "A") return;
  const ak2 = lastBefore(context, ak5, "AK2");
  const set = `${context.text(ak2, 1, 8) ?? "?"} ${context.text(ak2, 2, 16) ?? "?"}`;
  const faults = faultsBetween(context, ak2, ak5);
  const text = `the partner ${verb(code)} ${set} of group ${group}${faults}`;
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
  return VERBS[code] ?? (REJECTED.has(code) ? "rejected" : `said "${code}" of`);
}

function lastBefore(context: SetContext, index: number, id: string): number {
  let at = index;
  while (at > 0 && context.segments[at]?.id !== id) at -= 1;
  return at;
}

/** `: B10 at 2 (8)/AK4 …`: the first errors that the partner names. */
function faultsBetween(context: SetContext, from: number, to: number): string {
  const named: string[] = [];
  for (let index = from; index < to && named.length < 5; index += 1) {
    const id = context.segments[index]?.id;
    if (id === "AK3") {
      named.push(
        `segment ${context.text(index, 1, 8) ?? "?"} at ${context.text(index, 2, 8) ?? "?"}`,
      );
    } else if (id === "AK4") {
      named.push(
        `element ${context.text(index, 1, 8) ?? "?"} code ${context.text(index, 3, 8) ?? "?"}`,
      );
    }
  }
  return named.length === 0 ? "" : `: ${named.join(", ")}`;
}
