/** One message while it is read: its head, its clock, where findings go. */
import type { Instant } from "../../canonical/values.ts";
import { utcOf } from "../shared/reading/instants.ts";
import type { ReadingBuilder } from "../shared/reading/reading.ts";
import type { Finding } from "../../canonical/reading.ts";
import type { Message } from "./envelope.ts";
import type { Segment } from "./segments.ts";
import type { EdifactSettings } from "./settings.ts";
import { isAhead } from "../shared/reading/receipt.ts";
import { type Dtm, instantOf, readDtms } from "./times.ts";

/** Segments that stand before a message's first group: what follows them is of the message itself. */
const HEAD = new Set("UNH BGM DTM TSR FTX CNT PAI ALI IMD LOC GIR MEA QTY".split(" "));

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

  /** The segments of the message itself, before its first group. */
  get head(): readonly Segment[] {
    const { segments } = this.message;
    const end = segments.findIndex((it) => !HEAD.has(it.tag));
    return end === -1 ? segments : segments.slice(0, end);
  }

  /** The instant of a DTM at a place; trouble becomes a finding, an error when there is no instant. */
  instant(dtm: Dtm, zone: string | undefined): Instant | undefined {
    const { instant, troubles } = instantOf(dtm, this.#rules(zone));
    for (const { code, text } of troubles) {
      this.finding(instant === undefined ? "error" : "warning", code, text, dtm.segment, 1);
    }
    const inferred = instant?.zone_inferred === true && instant.precision !== "date";
    if (inferred && zone === undefined) {
      const text = `the place tells no time zone, ${this.settings.zone} was taken`;
      this.finding("warning", "zone_unknown", text, dtm.segment);
    }
    return instant;
  }

  /**
   * A status without a time is of its message's day, at the latest: that it happened is not lost
   * (as in an X12 214).
   */
  dayOfMessage(segment: Segment): Instant {
    const text = "the status names no day; that of the message was taken";
    this.finding("warning", "time_of_message", text, segment);
    return { at: this.recordedAt, precision: "date", zone_inferred: true };
  }

  #rules(place: string | undefined) {
    const { zone, midnight } = this.settings;
    return { zone: place ?? zone, place, midnight };
  }

  /** DTM+137, else when the interchange was prepared, else when it came. */
  #recordedAt(receivedAt: Date): string {
    const said = readDtms(this.head).find((it) => it.qualifier === "137");
    const [date = "", time = ""] = this.message.interchange.prepared;
    const value = `${date}${time}`;
    const format = value.length === 12 ? "203" : "201";
    const segment = this.message.segments[0] as Segment;
    for (const dtm of [said, { qualifier: "137", value, format, segment }]) {
      const rules = { zone: this.settings.zone, midnight: "midnight" } as const;
      const { instant } = dtm === undefined ? {} : instantOf(dtm, rules);
      if (dtm === undefined || instant === undefined) continue;
      if (!isAhead(instant.at, receivedAt)) return instant.at;
      // A message from the future would be the latest news for ever.
      const text = `made at ${instant.at}, later than its arrival`;
      this.finding("warning", "message_time", text, dtm.segment);
    }
    return utcOf(receivedAt);
  }
}
