/**
 * Walks the segments of a file and hands out whole transaction sets, one at a time.
 *
 * Control numbers and counts that disagree are warnings: real senders get them wrong, and the
 * content is good all the same. What is missing altogether (a trailer, any set) is said, too.
 */
import { type Group, type Interchange, interchangePath } from "./envelope.ts";
import type { TransactionSet, Trouble } from "./envelope.ts";
import { segmentPath } from "./path.ts";
import { LIMITS, type Limits } from "./tokenizer/limits.ts";
import { type Segment, element, type TokenTrouble } from "./tokenizer/segment.ts";
import type { Separators } from "./tokenizer/separators.ts";
import type { TokenSink } from "./tokenizer/tokenizer.ts";

export interface WalkSink {
  set(set: TransactionSet): void;
  /** After the group's last set. */
  groupEnd(group: Group): void;
  /** An acknowledgement of an interchange, which stands outside any group. */
  interchangeAck(ta1: Segment, path: string, interchange: Interchange): void;
  trouble(trouble: Trouble): void;
}

export class Walker implements TokenSink {
  readonly #sink: WalkSink;
  readonly #limits: Limits;
  #interchange: Interchange | undefined;
  #group: Group | undefined;
  #set: TransactionSet | undefined;
  /** Segments of the open set, those beyond the limit included. */
  #setLength = 0;
  #repeats = new Map<string, number>();
  #acks = 0;
  interchanges = 0;
  groups = 0;
  sets = 0;
  segments = 0;

  constructor(sink: WalkSink, limits: Limits = LIMITS) {
    this.#sink = sink;
    this.#limits = limits;
  }

  segment(segment: Segment, separators: Separators): void {
    this.segments += 1;
    switch (segment.id) {
      case "ST":
        return this.#openSet(segment);
      case "SE":
        return this.#closeSet(segment);
      case "GS":
        return this.#openGroup(segment);
      case "GE":
        return this.#closeGroup(segment);
      case "ISA":
        return this.#openInterchange(segment, separators);
      case "IEA":
        return this.#closeInterchange(segment);
      default:
        return this.#content(segment);
    }
  }

  trouble({ severity, code, offset, text }: TokenTrouble): void {
    const base =
      this.#set?.path ?? this.#group?.path ?? interchangePath(Math.max(1, this.interchanges));
    this.#set?.faults.push("5");
    this.#warn(code, `${base}@${offset}`, text, severity);
  }

  /** Closes what the file left open. */
  end(): void {
    this.#endInterchange();
  }

  #content(segment: Segment): void {
    const set = this.#set;
    if (set !== undefined) {
      this.#setLength += 1;
      if (this.#setLength <= this.#limits.setSegments) set.segments.push(segment);
      else this.#oversize(set, `more than ${this.#limits.setSegments} segments`);
      return;
    }
    const base = this.#group?.path ?? interchangePath(this.interchanges);
    if (segment.id === "TA1" && this.#interchange !== undefined) {
      this.#acks += 1;
      return this.#sink.interchangeAck(segment, `${base}/TA1`, this.#interchange);
    }
    const path = `${base}@${segment.offset}`;
    const name = segment.id.slice(0, 10);
    this.#warn("stray_segment", path, `"${name}" stands outside any transaction set`, "error");
  }

  #oversize(set: TransactionSet, excess: string): void {
    if (set.oversized) return;
    set.oversized = true;
    set.segments.length = 1;
    this.#warn("set_too_long", set.path, `a transaction set with ${excess} is not read`, "error");
  }

  #openInterchange(isa: Segment, separators: Separators): void {
    if (this.#interchange !== undefined) this.#missing("IEA", interchangePath(this.interchanges));
    this.#endInterchange();
    this.interchanges += 1;
    this.#interchange = { ordinal: this.interchanges, isa, separators, groups: 0 };
    this.#acks = 0;
  }

  #openGroup(gs: Segment): void {
    if (this.#group !== undefined) {
      this.#missing("GE", this.#group.path);
      this.#group.faults.push("3");
    }
    this.#endGroup();
    const interchange = this.#interchange;
    if (interchange === undefined) {
      return this.#warn("stray_segment", `GS@${gs.offset}`, "a group outside any ISA", "error");
    }
    interchange.groups += 1;
    this.groups += 1;
    const control = element(gs, 6) ?? "";
    this.#group = {
      interchange,
      ordinal: interchange.groups,
      path: `${interchangePath(interchange.ordinal)}/GS${interchange.groups}`,
      gs,
      functionalId: element(gs, 1) ?? "",
      control,
      sets: 0,
      declaredSets: undefined,
      faults: [],
    };
  }

  #openSet(st: Segment): void {
    if (this.#set !== undefined) this.#missingSe(this.#set);
    this.#endSet();
    const group = this.#group;
    if (group === undefined) {
      const path = `${interchangePath(this.interchanges)}@${st.offset}`;
      return this.#warn("stray_segment", path, "an ST outside any group", "error");
    }
    group.sets += 1;
    this.sets += 1;
    const path = `${group.path}/ST${group.sets}`;
    const [type, control] = [element(st, 1) ?? "", element(st, 2) ?? ""];
    const segments = [st];
    this.#set = { group, path, type, control, segments, faults: [], oversized: false };
    this.#setLength = 1;
  }

  #closeSet(se: Segment): void {
    const set = this.#set;
    if (set === undefined) {
      const base = this.#group?.path ?? interchangePath(this.interchanges);
      return this.#warn("stray_segment", `${base}@${se.offset}`, "an SE without ST", "error");
    }
    const counted = this.#setLength + 1;
    if (!sameNumber(element(se, 1), counted)) {
      set.faults.push("4");
      const text = `SE counts ${element(se, 1) ?? "nothing"}, there are ${counted} segments`;
      this.#warn("se_count", segmentPath(set.path, "SE", 1, 1), text);
    }
    if (!sameControl(element(se, 2), set.control)) {
      set.faults.push("3");
      const text = `SE closes ${element(se, 2) ?? "nothing"}, ST opened ${set.control}`;
      this.#warn("se_control", segmentPath(set.path, "SE", 1, 2), text);
    }
    this.#endSet();
  }

  #endSet(): void {
    const set = this.#set;
    if (set === undefined) return;
    this.#set = undefined;
    if (!set.oversized) this.#checkLoops(set);
    this.#sink.set(set);
  }

  /** One segment may repeat only so often: readers build one entry for each. */
  #checkLoops(set: TransactionSet): void {
    if (set.segments.length <= this.#limits.loops) return;
    this.#repeats.clear();
    for (const { id } of set.segments) {
      const count = (this.#repeats.get(id) ?? 0) + 1;
      this.#repeats.set(id, count);
      if (count > this.#limits.loops) return this.#oversize(set, `more than ${count - 1} ${id}`);
    }
  }

  #closeGroup(ge: Segment): void {
    if (this.#set !== undefined) this.#missingSe(this.#set);
    this.#endSet();
    const group = this.#group;
    if (group === undefined) {
      const path = `${interchangePath(this.interchanges)}@${ge.offset}`;
      return this.#warn("stray_segment", path, "a GE without GS", "error");
    }
    group.declaredSets = toCount(element(ge, 1));
    if (!sameNumber(element(ge, 1), group.sets)) {
      group.faults.push("5");
      const text = `GE counts ${element(ge, 1) ?? "nothing"}, there are ${group.sets} sets`;
      this.#warn("ge_count", segmentPath(group.path, "GE", 1, 1), text);
    }
    if (!sameControl(element(ge, 2), group.control)) {
      group.faults.push("4");
      const text = `GE closes ${element(ge, 2) ?? "nothing"}, GS opened ${group.control}`;
      this.#warn("ge_control", segmentPath(group.path, "GE", 1, 2), text);
    }
    this.#endGroup();
  }

  #endGroup(): void {
    if (this.#set !== undefined) this.#missingSe(this.#set);
    this.#endSet();
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    if (group.sets === 0) {
      this.#warn("no_transaction_set", group.path, "the group holds no transaction set", "error");
    }
    this.#sink.groupEnd(group);
  }

  #closeInterchange(iea: Segment): void {
    if (this.#group !== undefined) {
      this.#missing("GE", this.#group.path);
      this.#group.faults.push("3");
    }
    this.#endGroup();
    const interchange = this.#interchange;
    const path = interchangePath(this.interchanges);
    if (interchange === undefined) {
      return this.#warn("stray_segment", `${path}@${iea.offset}`, "an IEA without ISA", "error");
    }
    if (!sameNumber(element(iea, 1), interchange.groups)) {
      const text = `IEA counts ${element(iea, 1) ?? "nothing"}, there are ${interchange.groups} groups`;
      this.#warn("iea_count", segmentPath(path, "IEA", 1, 1), text);
    }
    const opened = element(interchange.isa, 13) ?? "";
    if (!sameControl(element(iea, 2), opened)) {
      const text = `IEA closes ${element(iea, 2) ?? "nothing"}, ISA opened ${opened}`;
      this.#warn("iea_control", segmentPath(path, "IEA", 1, 2), text);
    }
    this.#sayEmpty(interchange);
    this.#interchange = undefined;
  }

  #endInterchange(): void {
    const interchange = this.#interchange;
    if (interchange === undefined) return this.#endGroup();
    const group = this.#group;
    this.#missing("IEA", interchangePath(interchange.ordinal));
    group?.faults.push("3");
    this.#endGroup();
    this.#sayEmpty(interchange);
    this.#interchange = undefined;
  }

  #sayEmpty(interchange: Interchange): void {
    if (interchange.groups > 0 || this.#acks > 0) return;
    const path = interchangePath(interchange.ordinal);
    this.#warn("no_transaction_set", path, "the interchange holds no group", "error");
  }

  #missingSe(set: TransactionSet): void {
    set.faults.push("2");
    this.#missing("SE", set.path);
  }

  #missing(trailer: string, path: string): void {
    this.#warn("missing_trailer", path, `its ${trailer} is missing`);
  }

  #warn(code: string, path: string, text: string, severity: Trouble["severity"] = "warning"): void {
    this.#sink.trouble({ severity, code, path, text });
  }
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Counts come with leading zeros: `0000000013`. */
function sameNumber(text: string | undefined, count: number): boolean {
  return text !== undefined && /^\d{1,15}$/.test(text) && Number(text) === count;
}

/** Some senders pad one of the two numbers with zeros. */
function sameControl(trailer: string | undefined, header: string): boolean {
  if (trailer === undefined) return header === "";
  return trailer === header || withoutZeros(trailer) === withoutZeros(header);
}

function withoutZeros(text: string): string {
  return text.replace(/^0+(?=.)/, "");
}
