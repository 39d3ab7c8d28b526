/** One message while it is read: its head, its clock, where findings go. */
import type { Instant } from "../../canonical/values.ts";
import { utcOf } from "../shared/reading/instants.ts";
import type { ReadingBuilder } from "../shared/reading/reading.ts";
import type { Finding } from "../../canonical/reading.ts";
import type { Message } from "./envelope.ts";
import type { Segment } from "./segments.ts";
import type { EdifactSettings } from "./settings.ts";
import { type Dtm, instantOf, readDtm } from "./times.ts";

const SHIFTED = {
  skipped_time: "the clocks skipped this local time; the time an hour later was taken",
  repeated_time: "the clocks showed this local time twice; the first was taken",
};

export class MessageContext {
  readonly message: Message;
  readonly settings: EdifactSettings;
  readonly builder: ReadingBuilder;
  /** BGM 1004. */
  readonly document: string;
  /** BGM 1001: what kind of document. */
  readonly kind: string;
  /** BGM 1225: original, change, cancellation … */
  readonly function: string;
  readonly recordedAt: string;
  /** What could not be used of this message, for an APERAK. */
  readonly errors: Finding[] = [];

  constructor(
    message: Message,
    settings: EdifactSettings,
    builder: ReadingBuilder,
    receivedAt: Date,
  ) {
    this.message = message;
    this.settings = settings;
    this.builder = builder;
    const bgm = message.segments.find((it) => it.tag === "BGM");
    this.kind = bgm?.elements[0]?.[0] ?? "";
    this.document = bgm?.elements[1]?.[0] ?? "";
    this.function = bgm?.elements[2]?.[0] || "9";
    this.recordedAt = this.#recordedAt(receivedAt);
  }

  /** The file ends inside this message. */
  get isCut(): boolean {
    return this.message.faults.some((it) => it.code === "truncated");
  }

  finding(
    severity: Finding["severity"],
    code: string,
    text: string,
    segment: Segment,
    element?: number,
  ): void {
    const path = this.path(segment) + (element === undefined ? "" : `/${element}`);
    this.builder.finding(severity, code, path, text);
    if (severity === "error") this.errors.push({ severity, code, path, text });
  }

  path({ tag, number }: Segment): string {
    return `${tag}${number}`;
  }

  /** The instant of a DTM at a place; trouble becomes a finding, an error when there is no instant. */
  instant(dtm: Dtm, zone: string | undefined, severity: Finding["severity"]): Instant | undefined {
    const { instant, trouble } = instantOf(dtm, zone ?? this.settings.zone);
    if (trouble === "unreadable_time") {
      const text = `"${dtm.value}" is no date and time of format ${dtm.format || "(none)"}`;
      this.finding(severity, trouble, text, dtm.segment, 1);
    } else if (trouble !== undefined) {
      this.finding("warning", trouble, SHIFTED[trouble], dtm.segment, 1);
    }
    const inferred = instant?.zone_inferred === true && instant.precision !== "date";
    if (inferred && zone === undefined) {
      const text = `the place tells no time zone, ${this.settings.zone} was taken`;
      this.finding("warning", "zone_unknown", text, dtm.segment);
    }
    return instant;
  }

  /** DTM+137, else when the interchange was prepared, else when it came. */
  #recordedAt(receivedAt: Date): string {
    for (const segment of this.message.segments) {
      if (segment.tag === "CNI" || segment.tag === "LIN") break;
      if (segment.tag !== "DTM") continue;
      const dtm = readDtm(segment);
      const at = dtm.qualifier === "137" ? instantOf(dtm, this.settings.zone).instant : undefined;
      if (at !== undefined) return at.at;
    }
    const [date = "", time = ""] = this.message.interchange.prepared;
    const value = `${date}${time}`;
    const format = value.length === 12 ? "203" : "201";
    const segment = this.message.segments[0] as Segment;
    const dtm = { qualifier: "137", value, format, segment };
    return instantOf(dtm, this.settings.zone).instant?.at ?? utcOf(receivedAt);
  }
}
