/** What reading one transaction set needs: its elements with their positions, and where findings go. */
import { createHash } from "node:crypto";
import type { Instant } from "../../canonical/values.ts";
import { cleanText } from "../shared/reading/clean_text.ts";
import type { PlaceZone } from "../shared/reading/place_zone.ts";
import type { ReadingBuilder } from "../shared/reading/reading.ts";
import type { Finding } from "../../canonical/reading.ts";
import type { TransactionSet } from "./envelope.ts";
import { segmentPath } from "./path.ts";
import { readTime } from "./times.ts";
import type { X12Settings } from "./settings.ts";
import { element, type Segment } from "./tokenizer/segment.ts";

/** An error of syntax inside the set, told to the sender in a 997. */
export interface SyntaxFault {
  segment: string;
  /** Position in the set, ST is 1. */
  position: number;
  /** X12 element 720 (AK304): 3 mandatory segment missing, 8 segment has data element errors. */
  segmentCode: string;
  element?: number;
  /** X12 element 723 (AK403): 1 missing, 6 invalid character, 7 invalid code, 8 date, 9 time. */
  elementCode?: string;
  value?: string;
}

/** Something is wrong with an element: where, and what the sender should hear. */
export interface ElementFault {
  element?: number;
  /** For the 997; left out when it is no fault of syntax. */
  elementCode?: string;
}

const TIME_CODES: Readonly<Record<string, string>> = { unreadable_date: "8", unreadable_time: "9" };

export class SetContext {
  readonly set: TransactionSet;
  readonly settings: X12Settings;
  readonly builder: ReadingBuilder;
  /** When the sender said it, UTC. */
  readonly recordedAt: string;
  readonly faults: SyntaxFault[] = [];
  /** The set cannot be used at all: it is rejected in the 997. */
  rejected = false;
  #occurrences: number[] | undefined;
  #said = new Set<string>();

  constructor(
    set: TransactionSet,
    settings: X12Settings,
    builder: ReadingBuilder,
    recordedAt: string,
  ) {
    this.set = set;
    this.settings = settings;
    this.builder = builder;
    this.recordedAt = recordedAt;
  }

  get segments(): readonly Segment[] {
    return this.set.segments;
  }

  /** Element n of the segment at an index, trimmed, without control characters. */
  text(index: number, n: number, max = 256): string | undefined {
    const segment = this.segments[index];
    const raw = segment === undefined ? undefined : element(segment, n);
    return raw === undefined ? undefined : cleanText(raw, max);
  }

  /** Index of the first segment with this name; -1 when there is none. */
  indexOf(id: string): number {
    return this.segments.findIndex((segment) => segment.id === id);
  }

  /** Path of the segment at an index, and of an element in it. */
  path(index: number, n = 0): string {
    const id = this.segments[index]?.id ?? "";
    return segmentPath(this.set.path, id, this.#occurrence(index), n);
  }

  #occurrence(index: number): number {
    if (this.#occurrences === undefined) {
      const counts = new Map<string, number>();
      this.#occurrences = this.segments.map(({ id }) => {
        const count = (counts.get(id) ?? 0) + 1;
        counts.set(id, count);
        return count;
      });
    }
    return this.#occurrences[index] ?? 1;
  }

  /** Tells the operator, and the sender too where it is a fault of syntax. */
  finding(
    severity: Finding["severity"],
    code: string,
    text: string,
    index: number,
    fault: ElementFault = {},
  ): void {
    this.builder.finding(severity, code, this.path(index, fault.element), text);
    if (fault.elementCode === undefined) return;
    const value = fault.element === undefined ? undefined : this.text(index, fault.element, 99);
    this.faults.push({
      segment: this.segments[index]?.id ?? "",
      position: index + 1,
      segmentCode: "8",
      ...(fault.element !== undefined && { element: fault.element }),
      elementCode: fault.elementCode,
      ...(value !== undefined && { value }),
    });
  }

  /** The same finding of many segments is said once for the set. */
  warnOnce(code: string, text: string, index: number, n?: number): void {
    const said = `${code}|${text}`;
    if (this.#said.has(said)) return;
    this.#said.add(said);
    this.finding("warning", code, text, index, n === undefined ? {} : { element: n });
  }

  /** A segment without which the set says nothing. */
  missing(id: string, text: string): void {
    this.rejected = true;
    this.builder.finding("error", "missing_segment", `${this.set.path}/${id}`, text);
    this.faults.push({ segment: id, position: this.segments.length + 1, segmentCode: "3" });
  }

  /** The instant in these elements; what is wrong with it becomes findings. */
  instant(
    index: number,
    [date, time, code]: readonly [date: number, time?: number, code?: number],
    zone: PlaceZone | undefined,
  ): Instant | undefined {
    const timeCode = code === undefined ? undefined : this.text(index, code, 8);
    const { instant, troubles } = readTime(
      this.text(index, date, 16),
      time === undefined ? undefined : this.text(index, time, 16),
      timeCode,
      {
        place: zone,
        zone: this.settings.zone,
        standardTime: this.settings.standard_time,
        midnight: this.settings.midnight,
      },
    );
    const parts = { date, time, code };
    for (const trouble of troubles) {
      const n = parts[trouble.part];
      const elementCode = TIME_CODES[trouble.code];
      if (trouble.code === "zone_unknown") this.warnOnce(trouble.code, trouble.text, index, n);
      else {
        this.finding(
          trouble.code === "unreadable_date" ? "error" : "warning",
          trouble.code,
          trouble.text,
          index,
          { ...(n !== undefined && { element: n }), ...(elementCode && { elementCode }) },
        );
      }
    }
    return instant;
  }
}

const MAX_SOURCE_EVENT = 128;

/** Parts of an event's identity as one text; a hash when it would not fit. */
export function sourceEventOf(parts: ReadonlyArray<string | number | undefined>): string {
  const text = parts.map((part) => part ?? "").join("|");
  const clean = cleanText(text, MAX_SOURCE_EVENT);
  return clean === text ? text : createHash("sha256").update(text).digest("hex");
}
