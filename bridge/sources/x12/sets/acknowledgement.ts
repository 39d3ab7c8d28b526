/**
 * 997 and 999, acknowledgements of what we sent: receipt, never acceptance of the order. The 999
 * has the same codes in segments named IK.
 *
 * A receipt is a warning, a rejection an error finding, so that somebody mends the order. Where an
 * order of ours is meant, its shipment is told as well: tendered, or rejected.
 */
import { lookup } from "../codes/lookup.ts";
import { addReceipt, addRejection } from "../../shared/reading/order_answer.ts";
import { isOurs, orderName } from "../our_order.ts";
import type { SetContext } from "../set_context.ts";

const REJECTED = new Set(["R", "M", "W", "X"]);

interface Verdict {
  group: string;
  /** AK102 of a group of our orders. */
  order: string | undefined;
  /** What the partner has against its sets. */
  words: string[];
}

export function readAcknowledgement(context: SetContext): void {
  const ak1 = context.indexOf("AK1");
  const { type } = context.set;
  if (ak1 === -1) return context.missing("AK1", `a ${type} without AK1 acknowledges nothing`);
  const [kind, control] = [context.text(ak1, 1, 8) ?? "?", context.text(ak1, 2, 16) ?? "?"];
  const verdict: Verdict = {
    group: `${kind} ${control}`,
    order: isOurs(kind) && control !== "?" ? control : undefined,
    words: [],
  };
  let judged = false;
  let set: RejectedSet = { name: "a set", faults: [] };
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "AK2") set = { name: setName(context, index), faults: [] };
    else if (id === "AK3" || id === "IK3") addFault(context, index, "segment", set.faults);
    else if (id === "AK4" || id === "IK4") addFault(context, index, "element", set.faults);
    else if (id === "AK5" || id === "IK5") readSet(context, index, verdict, set);
    else if (id === "AK9") {
      judged = true;
      readGroup(context, index, verdict);
    }
  }
  if (!judged) context.missing("AK9", `a ${type} without AK9 gives no verdict`);
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

function addFault(
  context: SetContext,
  index: number,
  name: "segment" | "element",
  faults: string[],
): void {
  if (faults.length >= MAX_FAULTS) return;
  const [what, n] = name === "segment" ? (["at", 2] as const) : (["code", 3] as const);
  const text = (element: number) => context.text(index, element, 8) ?? "?";
  faults.push(`${name} ${text(1)} ${what} ${text(n)}`);
}

function readSet(context: SetContext, ak5: number, verdict: Verdict, set: RejectedSet): void {
  const code = context.text(ak5, 1, 2) ?? "?";
  if (code === "A") return;
  const named = set.faults.length === 0 ? "" : `: ${set.faults.join(", ")}`;
  const words = `the partner ${verb(code)} ${set.name}`;
  verdict.words.push(`${words}${named}`);
  const text = `${words} of group ${verdict.group}${named}`;
  const severity = REJECTED.has(code) ? "error" : "warning";
  context.finding(severity, severity === "error" ? "set_rejected" : "set_faults", text, ak5, {
    element: 1,
  });
}

function readGroup(context: SetContext, ak9: number, verdict: Verdict): void {
  const code = context.text(ak9, 1, 2) ?? "?";
  const isOrder = verdict.order !== undefined && REJECTED.has(code);
  const what = isOrder ? `our order, group ${verdict.group}` : `group ${verdict.group}`;
  const text = `the partner ${verb(code)} ${what}`;
  const tell = REJECTED.has(code) || code === "P" ? addRejection : lookup(RECEIVED, code);
  if (tell === addRejection) context.finding("error", "group_rejected", text, ak9, { element: 1 });
  else if (tell === addReceipt)
    context.finding("warning", "group_received", text, ak9, { element: 1 });
  else context.finding("error", "unmapped_code", text, ak9, { element: 1, elementCode: "7" });
  const { order: control, words } = verdict;
  if (tell === undefined || control === undefined) return;
  const [path, raw] = [context.path(ak9, 1), `${context.set.type}/${code}`];
  tell(context.builder, { path, names: [orderName(control)], at: context.recordedAt, raw, words });
}

const RECEIVED = { A: addReceipt, E: addReceipt };

const VERBS: Readonly<Record<string, string>> = {
  A: "received",
  E: "received with errors",
  P: "took only a part of",
};

function verb(code: string): string {
  return lookup(VERBS, code) ?? (REJECTED.has(code) ? "rejected" : `said "${code}" of`);
}
