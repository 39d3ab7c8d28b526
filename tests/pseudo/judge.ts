/** Whether a text that stands without brackets is one of ours, and not Odoo's own or data. */
import { outside } from "./brackets.ts";

export interface Knowledge {
  /** Our terms, as in the templates. */
  ours: readonly string[];
  /** What Odoo itself does not translate. */
  odoo: ReadonlySet<string>;
  /** Values of records, longest first. */
  data: readonly string[];
}

const LETTERS = /\p{Script=Latin}{2,}/u;
const PLACEHOLDER = /%\(\w+\)[-+# 0]*[\d.]*[a-z]|%[-+# 0]*[\d.]*[a-z]|\{[\w.]*\}|<[^>]+>/;
/** What Odoo itself says in our readers' stead: the pseudo language takes the place of Japanese. */
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
/** Of Odoo's web client, what its Japanese leaves as it is. */
const ODOO_OWN = /^(?:Week \d+|hh:mm|Back to ".*|" form|Download \S+|Copyright ©)$/;
/** Odoo's examples where there is no data yet (web/static/src/model/sample_server.js). */
const SAMPLES = /^(?:Laoreet id|Volutpat blandit|Integer vitae|Viverra nam|In massa)$/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
/** Dates, units and names of formats, which are written alike everywhere. */
const ALIKE =
  /\b(?:AM|PM|UTC|GMT|CET|CEST|UTC[+-]\d+|Etc\/GMT[+-]?\d*|h|min|kg|km|PDF|EUR|USD|SHA-256|ID|URL|API|POD|PRO|EDI|https?:\/\/\S+|\S+@\S+\.\w+|[\w/.+-]+\.(?:pdf|csv|json|xlsx?|html))\b/gu;

export class Judge {
  readonly #known: Knowledge;
  readonly #exact: ReadonlySet<string>;
  readonly #sentences: readonly RegExp[];
  readonly #odooSentences: readonly RegExp[];
  readonly #data: ReadonlySet<string>;

  constructor(known: Knowledge) {
    this.#known = known;
    this.#exact = new Set(known.ours);
    this.#sentences = known.ours.flatMap((text) => patternOf(text) ?? []);
    this.#odooSentences = [...known.odoo].flatMap((text) => patternOf(text, 1) ?? []);
    this.#data = new Set(known.data);
  }

  /** The piece of the text that is ours and stands naked; none when all is well. */
  naked(text: string): string | undefined {
    return outside(text).find((piece) => this.#isNaked(piece));
  }

  #isNaked(piece: string): boolean {
    const words = piece.replaceAll(UUID, " ").replaceAll(ALIKE, " ");
    if (!LETTERS.test(words) || ODOO_OWN.test(piece)) return false;
    if (SAMPLES.test(piece)) return false;
    if (this.#sentences.some((one) => one.test(piece))) return true;
    // A term of ours is one wherever it stands, unless Odoo calls a record of its own so.
    const isOdoo = this.#known.odoo.has(piece);
    if (this.#exact.has(piece)) return !(isOdoo && this.#data.has(piece));
    if (isOdoo || this.#data.has(piece) || JAPANESE.test(piece)) return false;
    if (this.#odooSentences.some((one) => one.test(piece))) return false;
    return LETTERS.test(this.#withoutData(words));
  }

  #withoutData(text: string): string {
    let rest = text;
    for (const value of this.#known.data) {
      if (!LETTERS.test(rest)) break;
      if (rest.includes(value)) rest = rest.replaceAll(whole(value), " ");
    }
    return rest;
  }
}

function whole(value: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\d])${escaped(value)}(?![\\p{L}\\d])`, "gu");
}

/** A sentence with its values filled in; too little of its own to be told apart is none. */
function patternOf(text: string, words = 2): RegExp | undefined {
  const parts = text.split(new RegExp(PLACEHOLDER, "g"));
  const own = parts.join(" ").match(/\p{L}{2,}/gu) ?? [];
  if (parts.length === 1 || own.length < words) return undefined;
  return new RegExp(`^${parts.map((part) => escaped(part)).join(".+")}$`, "s");
}

function escaped(text: string): string {
  return text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
}
