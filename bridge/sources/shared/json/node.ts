/**
 * Reading a partner's JSON without trusting its types: every step answers "not there" instead of
 * throwing, and knows its JSON pointer.
 */
import { cleanText } from "../reading/clean_text.ts";
import { pointerToken } from "./json_pointer.ts";

export class JsonNode {
  readonly value: unknown;
  /** JSON pointer from the message's root. */
  readonly path: string;

  constructor(value: unknown, path = "") {
    this.value = value;
    this.path = path;
  }

  /** The member; a node without value when it is not there. */
  at(...keys: readonly string[]): JsonNode {
    let value: unknown = this.value;
    let path = this.path;
    for (const key of keys) {
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      path = `${path}/${pointerToken(key)}`;
    }
    return new JsonNode(value, path);
  }

  /** The elements of an array; none when it is something else. */
  items(): JsonNode[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item: unknown, index) => new JsonNode(item, `${this.path}/${index}`));
  }

  get isObject(): boolean {
    return isObject(this.value);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** Clean text of a string or a number, empty ones left out. */
  text(max = 256): string | undefined {
    if (typeof this.value === "string") return cleanText(this.value, max);
    // Ids come as numbers as well as strings, sometimes both from one partner.
    if (typeof this.value === "number" && Number.isFinite(this.value)) return String(this.value);
    return undefined;
  }

  /** A number, also one that is written as text ("48.8585500"). */
  number(): number | undefined {
    if (typeof this.value === "number") return Number.isFinite(this.value) ? this.value : undefined;
    const text = this.text(32);
    return text !== undefined && /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  }

  /** True only for a real `true`. */
  isTrue(): boolean {
    return this.value === true;
  }

  /** The first of these members that has text. */
  firstText(keys: readonly string[], max = 256): string | undefined {
    for (const key of keys) {
      const text = this.at(key).text(max);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
