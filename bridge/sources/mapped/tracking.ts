/**
 * A carrier that is asked for tracking numbers, as its file says: their state, and the proof of what is
 * delivered. The numbers are those that Odoo wants to hear of; a number that the carrier does not know,
 * or not yet, is no fault.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { MilepostError } from "../../errors.ts";
import { JsonNode } from "../shared/json/node.ts";
import { readCursor } from "../shared/json/poll.ts";
import type {
  Page,
  PageWarning,
  Peer,
  PeerResponse,
  PolledMessage,
  RawMessage,
  TrackedNumber,
} from "../source.ts";
import type { EvaluatedDocument } from "./evaluation.ts";
import { buildFacts } from "./facts.ts";
import { mappingLabel } from "./mapping.ts";
import type { Partner } from "./partner_file.ts";
import { trackingProgramOf, type Template } from "./program.ts";
import type { Evaluated } from "./reading_process.ts";
import { fill, requestOf, textsOf } from "./requests.ts";
import {
  compareSnapshot,
  DIFFERENCE,
  saysAnything,
  snapshotState,
  type SnapshotState,
} from "./snapshot.ts";
import type { TrackingRules } from "./tracking_rules.ts";
import { textAt } from "./values.ts";

/** The last number that was asked for in this round, and what was shown of each before. */
const cursorType = z.object({
  after: z.string().optional(),
  snapshot: snapshotState.optional(),
});

type Request = NonNullable<TrackingRules["request"]>;
type Evaluate = (message: RawMessage, partner: Partner) => Promise<Evaluated>;

/** What one request brings: an answer that is worth reading, or what to say of it. */
interface Asked {
  messages: PolledMessage[];
  warnings: PageWarning[];
}

/** The next numbers of the round, in the order of the numbers, so that none is left out. */
export async function trackingPage(
  peer: Peer,
  cursor: string | null,
  partner: Partner,
  evaluate: Evaluate,
  signal: AbortSignal,
  now: Date,
  numbers: readonly TrackedNumber[],
): Promise<Page> {
  const { tracking: rules } = partner.mapping;
  const at = readCursor(mappingLabel(partner.mapping), cursor, cursorType) ?? {};
  const { after, snapshot: before } = at;
  const left = numbers
    .filter(({ number }) => after === undefined || number > after)
    .toSorted((a, b) => (a.number < b.number ? -1 : 1));
  if (rules?.request === undefined || left.length === 0) {
    const nothing = JSON.stringify({ ...(before && { snapshot: before }) });
    return { messages: [], cursor: nothing, more: false };
  }
  const turn = left.slice(0, rules.at_once);
  const work: Work = { peer, partner, evaluate, signal, now, shown: before ?? {} };
  const { messages, warnings } = await asked(work, { ...rules, request: rules.request }, turn);
  const more = left.length > turn.length;
  const state = {
    ...(more && { after: turn.at(-1)?.number }),
    ...(partner.mapping.snapshot !== undefined && { snapshot: work.shown }),
  };
  return { messages, cursor: JSON.stringify(state), more, warnings };
}

interface Work {
  peer: Peer;
  partner: Partner;
  evaluate: Evaluate;
  signal: AbortSignal;
  now: Date;
  /** What was shown of each number, with a snapshot; answers that were compared are in it. */
  shown: SnapshotState;
}

async function asked(
  work: Work,
  rules: TrackingRules & { request: Request },
  numbers: readonly TrackedNumber[],
): Promise<Asked> {
  const { partner } = work;
  const program = trackingProgramOf(rules);
  const [first] = numbers;
  const context = { ...first, numbers: numbers.map(({ number }) => number) };
  const template = { fill: program.request as Template, context, bindings: {} };
  const filled = await fill(partner, template);
  const about = numbers.map(({ number }) => number).join(" ");
  let answer: PeerResponse;
  try {
    answer = await answerTo(work, "tracking/request", rules.request, filled);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // One number that the carrier cannot read must not keep the others of its request back.
    if (numbers.length > 1) return await singly(work, rules, numbers);
    return { messages: [], warnings: [refused(about, error)] };
  }
  if (rules.request.statuses.includes(answer.status))
    return { messages: [], warnings: [unknown(about, answer)] };
  const state = await messageOf(work, answer, "state", about);
  const proofs: PolledMessage[] = [];
  const warnings: PageWarning[] = [];
  if (rules.proof !== undefined && program.proof !== undefined) {
    const document = { format: documentFormat(partner), body: answer.body };
    const list = await fill(partner, { fill: program.proof, document, bindings: { ...context } });
    for (const item of list.items()) {
      try {
        proofs.push(...(await proofOf(work, rules.proof.request, item)));
      } catch (error) {
        // The states that were told already would be lost with it; it is asked for again next time.
        if (!isAnswered(error)) throw error;
        warnings.push(refused(`the proof of ${textAt(item.at("about"), 128) ?? about}`, error));
      }
    }
  }
  return { messages: [...state, ...proofs], warnings };
}

async function singly(
  work: Work,
  rules: TrackingRules & { request: Request },
  numbers: readonly TrackedNumber[],
): Promise<Asked> {
  const found: Asked = { messages: [], warnings: [] };
  for (const number of numbers) {
    const { messages, warnings } = await asked(work, rules, [number]);
    found.messages.push(...messages);
    found.warnings.push(...warnings);
  }
  return found;
}

/** It will be refused again as it stands. */
const isRefusal = (error: unknown): error is MilepostError =>
  error instanceof MilepostError && error.code === "peer_refused" && error.retry === "never";

/** The carrier answered, and not with what was asked for. */
const isAnswered = (error: unknown): error is MilepostError =>
  error instanceof MilepostError && ANSWERED.has(error.code);

const ANSWERED: ReadonlySet<string> = new Set([
  "peer_refused",
  "peer_failed",
  "peer_unauthorized",
  "peer_bad_answer",
]);

function refused(about: string, { message }: MilepostError): PageWarning {
  return {
    code: "number_refused",
    text: `${about.slice(0, 100)}: ${message}`,
    hint: "is the number right, and may our account see it?",
  };
}

/** The proof of one delivery; none where the carrier has none. */
async function proofOf(work: Work, rule: Request, item: JsonNode): Promise<PolledMessage[]> {
  const about = textAt(item.at("about"), 128) ?? "";
  const answer = await answerTo(work, "tracking/proof/request", rule, item);
  if (rule.statuses.includes(answer.status)) return [];
  return messageOf(work, answer, "proof", about, textsOf(item.at("keep")));
}

function answerTo(
  { peer, partner, signal }: Work,
  at: string,
  rule: Request,
  filled: JsonNode,
): Promise<PeerResponse> {
  const { request } = requestOf(partner, at, rule, filled);
  return peer.request(
    { ...request, headers: { accept: "application/json", ...request.headers } },
    signal,
  );
}

/** What it says makes it the same when it comes again: its bytes may hold an id of the answer. */
async function messageOf(
  work: Work,
  { body, headers }: PeerResponse,
  kind: "state" | "proof",
  about: string,
  kept: Readonly<Record<string, string>> = {},
): Promise<PolledMessage[]> {
  const { partner, evaluate, now } = work;
  const contentType = (headers["content-type"] ?? "application/json").split(";")[0] ?? "";
  const attributes: Record<string, string> = { ...kept, asked: kind, about };
  const message: RawMessage = { body, contentType, receivedAt: now, attributes };
  const { result } = await evaluate(message, partner);
  // A proof is no state: it is told once, as it came.
  if (partner.mapping.snapshot !== undefined && kind === "state") {
    const built = buildFacts(partner.mapping, result, now);
    const { difference, state } = compareSnapshot(work.shown, built);
    work.shown = state;
    if (!saysAnything(difference, built)) return [];
    attributes[DIFFERENCE] = JSON.stringify(difference);
    return [{ body, contentType, attributes }];
  }
  if (saysNothing(result)) return [];
  const said = createHash("sha256").update(JSON.stringify(result.records)).digest("base64url");
  return [{ body, contentType, attributes, identity: `${kind} ${about}`, said }];
}

function saysNothing({ records, failures }: EvaluatedDocument): boolean {
  return failures.length === 0 && records.every(({ facts }) => facts.length === 0);
}

function documentFormat({ mapping }: Partner): "json" | "xml" {
  const { type } = mapping.format;
  if (type === "json" || type === "xml") return type;
  throw new MilepostError(`${mappingLabel(mapping)}: a proof is looked for in JSON or XML`, {
    code: "mapping_invalid",
    retry: "pause",
    culprit: mappingLabel(mapping),
  });
}

function unknown(about: string, { status }: PeerResponse): PageWarning {
  return {
    code: "number_not_known",
    text: `the carrier does not know ${about.slice(0, 80)} (${status})`,
    hint: "is the number right, and of this carrier? one that was only just given out comes later",
  };
}

/** Makes a number known to a carrier that sends what happens to it; whoever knows it already is content. */
export async function registerNumber(
  peer: Peer,
  number: TrackedNumber,
  partner: Partner,
  signal: AbortSignal,
): Promise<void> {
  const rule = partner.mapping.tracking?.register;
  const program = partner.mapping.tracking && trackingProgramOf(partner.mapping.tracking);
  if (rule === undefined || program?.register === undefined) return;
  const context = { ...number, numbers: [number.number] };
  const filled = await fill(partner, { fill: program.register, context, bindings: {} });
  const { request } = requestOf(partner, "tracking/register", rule, filled);
  await peer.request(request, signal);
}
