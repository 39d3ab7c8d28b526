/** Reads a file set by set: facts, findings, and a 997 for each group. */
import { lookup } from "./codes/lookup.ts";
import { utcOf } from "../shared/reading/instants.ts";
import { ReadingBuilder } from "../shared/reading/reading.ts";
import { addRejection } from "../shared/reading/order_answer.ts";
import { isTracking, trackedElements } from "../shared/reading/field_tracking.ts";
import { ACCEPT_HINT, isReadable, unknownVersion } from "../shared/reading/version.ts";
import type { Finding, Reading, Reply } from "../../canonical/reading.ts";
import type { MilepostError } from "../../errors.ts";
import type { RawMessage } from "../source.ts";
import { acknowledge, type SetResult } from "./compose/acknowledgement.ts";
import type { Group, Interchange, TransactionSet } from "./envelope.ts";
import { messageTime } from "./message_time.ts";
import { orderName } from "./our_order.ts";
import { foreignGroup, foreignParties } from "./parties.ts";
import { READERS } from "./sets/readers.ts";
import { sayUnread } from "./sets/unread.ts";
import { SetContext } from "./set_context.ts";
import type { X12Settings } from "./settings.ts";
import { element, type Segment } from "./tokenizer/segment.ts";
import { Tokenizer } from "./tokenizer/tokenizer.ts";
import { KNOWN, versionOf } from "./version.ts";
import { Walker, type WalkSink } from "./walker.ts";

/** Bytes between two looks at what was read. */
const CHUNK = 65_536;
/** Enough to make a commit worth while, few enough to leave other work its turn. */
const PART_FACTS = 200;
/** GS01 of a 997. */
const ACKNOWLEDGEMENT = "FA";

/**
 * The file in parts; the replies come with the last. Throws `unknown_version` or
 * `foreign_interchange` (quarantine) behind the last part when a group's version is not known, or
 * its parties are not the connection's: the other groups are read before, and all of the file again
 * when it is released, with its replies.
 */
export function* readFile(
  message: RawMessage,
  settings: X12Settings,
): Generator<Reading, void, undefined> {
  const reader = new Reader(message, settings);
  const walker = new Walker(reader);
  const tokenizer = new Tokenizer(walker);
  for (let at = 0; at < message.body.length; at += CHUNK) {
    tokenizer.push(message.body.subarray(at, at + CHUNK));
    if (reader.size >= PART_FACTS) yield reader.take();
  }
  tokenizer.end();
  walker.end();
  yield reader.last();
  reader.refuseUnread();
}

/** All parts as one reading. */
export function readWhole(message: RawMessage, settings: X12Settings): Reading {
  const whole: Reading = { facts: [], findings: [] };
  for (const { facts, findings, replies } of readFile(message, settings)) {
    for (const fact of facts) whole.facts.push(fact);
    for (const finding of findings) whole.findings.push(finding);
    if (replies !== undefined) whole.replies = replies;
  }
  return whole;
}

class Reader implements WalkSink {
  readonly #message: RawMessage;
  readonly #settings: X12Settings;
  #builder: ReadingBuilder;
  readonly #replies: Reply[] = [];
  /** Of the open group; groups do not nest. */
  #group: Group | undefined;
  #recordedAt = "";
  #results: SetResult[] = [];
  /** The open group is another's, or in a version that is not read. */
  #skipped = false;
  /** Why the first of what was left unread was. */
  #refusal: MilepostError | undefined;
  /** Facts since the last part. */
  size = 0;

  constructor(message: RawMessage, settings: X12Settings) {
    this.#message = message;
    this.#builder = new ReadingBuilder(message.receivedAt);
    this.#settings = settings;
  }

  set(set: TransactionSet): void {
    this.#enter(set.group);
    if (this.#skipped) return;
    if (isTracking()) {
      set.segments = set.segments.map((segment) => trackedSegment(set.type, segment));
    }
    const context = new SetContext(set, this.#settings, this.#builder, this.#recordedAt);
    const before = this.#builder.counts;
    readSet(context);
    const after = this.#builder.counts;
    const spoke = after.facts > before.facts || after.findings > before.findings;
    if (!spoke && !set.oversized) {
      context.missing("ST", `the ${set.type} says nothing that can be used`);
    }
    this.size += after.facts - before.facts;
    const { type, control, faults: setFaults } = set;
    const rejected = context.rejected || set.oversized;
    this.#results.push({ type, control, setFaults, faults: context.faults, rejected });
  }

  groupEnd(group: Group): void {
    this.#enter(group);
    // An acknowledgement is never acknowledged: two partners would go on for ever.
    if (this.#settings.acknowledge && !this.#skipped && group.functionalId !== ACKNOWLEDGEMENT) {
      this.#replies.push(acknowledge(group, this.#results, this.#message.receivedAt));
    }
    this.#group = undefined;
    this.#results = [];
  }

  interchangeAck(ta1: Segment, path: string, interchange: Interchange): void {
    const foreign = foreignParties(interchange, this.#settings);
    this.#refusal ??= foreign;
    if (foreign !== undefined) return;
    const code = element(ta1, 4) ?? "?";
    const note = element(ta1, 5) ?? "-";
    const of = `interchange ${element(ta1, 1) ?? "?"}`;
    if (code === "A") {
      // Our replies have interchanges as well, and numbers of the same length: no order is named.
      this.#builder.finding("warning", "interchange_received", path, `the partner received ${of}`);
    } else {
      const text = `the partner ${code === "R" ? "rejected" : "found faults in"} ${of} (note ${note})`;
      this.#builder.finding("error", "interchange_rejected", path, text);
      const control = element(ta1, 1);
      if (code !== "R" || control === undefined) return;
      const at = utcOf(this.#message.receivedAt);
      const [names, words] = [[orderName(control)], [`note ${note}`]];
      addRejection(this.#builder, { path, names, at, raw: "TA1/R", words });
    }
  }

  trouble({ severity, code, path, text }: Finding): void {
    this.#builder.finding(severity, code, path, text);
  }

  /** What was read since the last part. */
  take(): Reading {
    const builder = this.#builder;
    if (builder.isEmpty) return { facts: [], findings: [] };
    const { facts, findings } = builder.done();
    this.#builder = new ReadingBuilder(this.#message.receivedAt);
    this.size = 0;
    return { facts, findings };
  }

  last(): Reading {
    const part = this.take();
    return this.#replies.length === 0 ? part : { ...part, replies: this.#replies };
  }

  /** Throws when a group was left unread, with the reason of the first. */
  refuseUnread(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  #enter(group: Group): void {
    if (this.#group === group) return;
    this.#group = group;
    const refusal = this.#refusalOf(group);
    this.#refusal ??= refusal;
    this.#skipped = refusal !== undefined;
    if (this.#skipped) return;
    const { zone } = this.#settings;
    const { at, trouble } = messageTime(group, zone, this.#message.receivedAt);
    this.#recordedAt = at;
    if (trouble !== undefined) {
      this.#builder.finding("warning", "message_time", group.path, trouble);
    }
  }

  #refusalOf(group: Group): MilepostError | undefined {
    const foreign =
      foreignParties(group.interchange, this.#settings) ?? foreignGroup(group, this.#settings);
    if (foreign !== undefined) return foreign;
    const said = versionOf(group);
    if (said === undefined) {
      const text = "neither GS08 nor ISA12 names a version; the group is read as 004010";
      this.#builder.finding("warning", "no_version", group.path, text);
      return undefined;
    }
    const read =
      group.functionalId === ACKNOWLEDGEMENT ||
      isReadable(said.text, KNOWN, this.#settings.accept_versions);
    return read ? undefined : unknownVersion("x12", said, KNOWN.words, ACCEPT_HINT);
  }
}

function trackedSegment(type: string, segment: Segment): Segment {
  if (segment.id === "ST") return segment;
  return {
    ...segment,
    elements: trackedElements(segment.elements, `${type}/${segment.id}`, 1),
  };
}

function readSet(context: SetContext): void {
  const { set, builder } = context;
  const reader = lookup(READERS, set.type);
  if (reader === undefined) {
    context.rejected = true;
    set.faults.push("1");
    const text = `transaction set ${set.type || "without a number"} is not read`;
    builder.finding("error", "unsupported_set", set.path, text);
  } else if (!set.oversized) {
    reader(context);
    sayUnread(context);
  }
}
