/**
 * X12 bytes to segments, chunk by chunk, in linear time and bounded memory.
 *
 * Each ISA sets the separators anew. Tolerated: a byte order mark, text before the first ISA,
 * indents, CR LF, lines folded inside a segment, any terminator, padding behind the last segment.
 * A segment beyond the limits is skipped and said so; the next one is read again.
 */
import { LIMITS, type Limits } from "./limits.ts";
import type { Segment, TokenTrouble } from "./segment.ts";
import { ISA_REACH, readSeparators, type Separators } from "./separators.ts";

export interface TokenSink {
  segment(segment: Segment, separators: Separators): void;
  trouble(trouble: TokenTrouble): void;
}

const SPACE = 0x20;
const CR = 0x0d;
const LINE_BREAKS = /[\r\n]+/g;
/** How much of a search for ISA may be cut off by the end of a chunk. */
const ISA_TAIL = 2;

export class Tokenizer {
  readonly #sink: TokenSink;
  readonly #limits: Limits;
  #separators: Separators | undefined;
  /** Not consumed yet; `#offset` is the byte of the file at its start. */
  #text = "";
  #offset = 0;
  /** Chunks behind `#text` that held no terminator: joined once one does, not one by one. */
  #pieces: string[] = [];
  #piecesLength = 0;
  #state: "between" | "inside" | "skipping" = "between";
  #leading = 0;
  #lost = false;

  constructor(sink: TokenSink, limits: Limits = LIMITS) {
    this.#sink = sink;
    this.#limits = limits;
  }

  push(chunk: Buffer): void {
    if (this.#lost) return;
    // One byte, one character: positions stay exact whatever the encoding, and a character that
    // is cut between two chunks does no harm. Elements are decoded when they are read.
    const piece = chunk.toString("latin1");
    if (this.#state !== "between" && !piece.includes(this.#separators?.terminator ?? "")) {
      this.#keep(piece);
      return;
    }
    this.#text = this.#joined(piece);
    this.#consume(false);
  }

  /** Says that nothing follows. */
  end(): void {
    if (this.#lost) return;
    this.#text = this.#joined("");
    this.#consume(true);
    if (this.#separators === undefined) this.#giveUp();
  }

  #keep(piece: string): void {
    if (this.#state === "skipping") {
      this.#offset += piece.length;
      return;
    }
    this.#pieces.push(piece);
    this.#piecesLength += piece.length;
    const length = this.#text.length + this.#piecesLength;
    if (length <= this.#limits.segmentBytes) return;
    this.#tooLong(this.#offset);
    this.#state = "skipping";
    this.#offset += length;
    this.#text = "";
    this.#pieces = [];
    this.#piecesLength = 0;
  }

  #joined(piece: string): string {
    if (this.#piecesLength === 0) return this.#text + piece;
    const whole = this.#text + this.#pieces.join("") + piece;
    this.#pieces = [];
    this.#piecesLength = 0;
    return whole;
  }

  #consume(final: boolean): void {
    const text = this.#text;
    let at = 0;
    while (true) {
      if (this.#state === "between") {
        at = this.#nextStart(text, skipSpace(text, at), final);
        if (this.#state === "between") break;
      }
      const terminator = this.#separators?.terminator;
      if (terminator === undefined) break;
      const end = text.indexOf(terminator, at);
      if (end === -1) {
        if (final) at = this.#last(text, at);
        break;
      }
      if (this.#state === "inside") this.#segment(text, at, end, terminator);
      this.#state = "between";
      at = end + 1;
    }
    this.#offset += at;
    this.#text = text.slice(at);
    // What is left of an open segment is bounded here, and by `#keep` for what follows.
    if (this.#state === "inside") this.#keep("");
  }

  /** Finds where the next segment starts; the state stays `between` when that is not known yet. */
  #nextStart(text: string, from: number, final: boolean): number {
    if (this.#separators === undefined) return this.#firstIsa(text, from, final);
    if (from >= text.length) return from;
    if (text.charCodeAt(from) === 0x49 && isIsa(text, from, final)) {
      if (!final && text.length - from < ISA_REACH) return from;
      this.#separators = readSeparators(text, from) ?? this.#separators;
    }
    this.#state = "inside";
    return from;
  }

  /** Text before the first ISA is passed over; the word may occur in it (VISA), so the ISA is tried. */
  #firstIsa(text: string, from: number, final: boolean): number {
    let at = text.indexOf("ISA", from);
    while (at !== -1) {
      if (!final && text.length - at < ISA_REACH) break;
      const separators = readSeparators(text, at);
      if (separators !== undefined) {
        this.#passOver(text, from, at);
        this.#separators = separators;
        this.#state = "inside";
        return at;
      }
      at = text.indexOf("ISA", at + 1);
    }
    const rest = at === -1 ? Math.max(from, text.length - ISA_TAIL) : at;
    this.#passOver(text, from, final ? text.length : rest);
    if (this.#leading > this.#limits.leadingBytes) this.#giveUp();
    return rest;
  }

  #passOver(text: string, from: number, to: number): void {
    const passed = text.slice(from, to).replace(BYTE_ORDER_MARK, "").trim();
    if (passed === "") return;
    if (this.#leading === 0) {
      this.#trouble("warning", "leading_text", this.#offset + from, "text before the ISA");
    }
    this.#leading += to - from;
  }

  #giveUp(): void {
    this.#lost = true;
    this.#trouble("error", "not_x12", 0, "no interchange: there is no readable ISA");
  }

  /** The last segment of a file that ends without terminator. */
  #last(text: string, at: number): number {
    if (this.#state === "inside" && text.length > at) {
      const end = trimmedEnd(text, at, text.length);
      this.#segment(text, at, end, "");
      if (!text.startsWith("IEA", at)) {
        const offset = this.#offset + at;
        this.#trouble("warning", "unterminated", offset, "the file ends inside a segment");
      }
    }
    this.#state = "between";
    return text.length;
  }

  #segment(text: string, start: number, end: number, terminator: string): void {
    const offset = this.#offset + start;
    if (end - start > this.#limits.segmentBytes) return this.#tooLong(offset);
    const separators = this.#separators as Separators;
    const lineEnds = terminator === "\n";
    const stop = lineEnds && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    let raw = text.slice(start, stop);
    if (!lineEnds && raw.includes("\n")) raw = raw.replace(LINE_BREAKS, "");
    const elements = raw.split(separators.element);
    const id = elements[0] as string;
    if (elements.length > this.#limits.elements) {
      const excess = `more than ${this.#limits.elements} elements; the rest was left out`;
      this.#trouble("error", "too_many_elements", offset, `${id.slice(0, 3)}: ${excess}`);
      elements.length = this.#limits.elements;
    }
    this.#sink.segment({ id, elements, offset }, separators);
  }

  #tooLong(offset: number): void {
    const text = `a segment of more than ${this.#limits.segmentBytes} bytes was skipped`;
    this.#trouble("error", "segment_too_long", offset, text);
  }

  #trouble(severity: TokenTrouble["severity"], code: string, offset: number, text: string): void {
    this.#sink.trouble({ severity, code, offset, text });
  }
}

/** UTF-8's byte order mark, one character a byte; UTF-16's is told by the finding instead. */
const BYTE_ORDER_MARK = /^\u00EF\u00BB\u00BF/;

/** Whether a new interchange starts here: `ISA` and a separator, which is no letter or digit. */
function isIsa(text: string, at: number, final: boolean): boolean {
  if (!final && text.length - at < 4) return "ISA".startsWith(text.slice(at, at + 3));
  return text.startsWith("ISA", at) && !/[A-Za-z0-9]/.test(text.charAt(at + 3));
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= SPACE) at += 1;
  return at;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && text.charCodeAt(at - 1) <= SPACE) at -= 1;
  return at;
}
