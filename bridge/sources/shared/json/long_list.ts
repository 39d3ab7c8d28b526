/**
 * A message that is a long JSON list, without the whole of it in memory as objects: each element is
 * parsed when its turn comes. What would be refused as a whole is refused before any of it is read.
 */
import type { Reading } from "../../../canonical/reading.ts";
import { tracked } from "../reading/field_tracking.ts";
import { unreadable } from "../reading/unreadable.ts";
import { parseElement } from "./document.ts";
import { isList, rootElements } from "./elements.ts";
import { JsonNode } from "./node.ts";

/** Shorter ones are parsed at once: that takes a few milliseconds. */
const LONG_BYTES = 256_000;
/** Checked between two turns of other work: some milliseconds. */
const TURN_BYTES = 200_000;

export class LongList {
  readonly #source: string;
  readonly #body: Buffer;
  /** How many elements it has; known after `checked`. */
  length = 0;

  private constructor(source: string, body: Buffer) {
    this.#source = source;
    this.#body = body;
  }

  /** The list that a message is; nothing where it is short, or no list. */
  static of(source: string, body: Buffer, longBytes = LONG_BYTES): LongList | undefined {
    return body.length >= longBytes && isList(body) ? new LongList(source, body) : undefined;
  }

  /**
   * Goes through it once: a reading of nothing for each turn that others may have.
   * Throws what `parseDocument` throws, and what the source's own check of an element does.
   */
  *checked(check: (node: JsonNode) => void = () => undefined): Generator<Reading> {
    let turnBytes = 0;
    for (const { value, path, bytes } of this.#elements()) {
      check(new JsonNode(value, path));
      this.length += 1;
      turnBytes += bytes;
      if (turnBytes < TURN_BYTES) continue;
      turnBytes = 0;
      yield { facts: [], findings: [] };
    }
  }

  /** Its elements, one after the other. */
  *nodes(): Generator<JsonNode> {
    for (const { value, path } of this.#elements()) {
      const [element] = tracked([value]) as [unknown];
      yield new JsonNode(element, path);
    }
  }

  *#elements(): Generator<{ value: unknown; path: string; bytes: number }> {
    let index = 0;
    try {
      for (const element of rootElements(this.#body)) {
        const path = `/${index++}`;
        const value = parseElement(this.#source, element, path);
        yield { value, path, bytes: element.length };
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw unreadable(this.#source, "not_json", "", `not JSON: ${error.message}`);
    }
  }
}
