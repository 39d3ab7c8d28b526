/**
 * Encryption at rest, field by field: what partners and Odoo say is in the store's file only as
 * AES-256-GCM (NIST SP 800-38D), bound to the row that it belongs to.
 *
 * A sealed value names its key, so that a new key seals from now on while the old one still opens
 * what it sealed. Values of a store that is older than this are read as they stand.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Secret } from "../config.ts";
import { MilepostError } from "../errors.ts";

/** A key of the store, by the name that sealed values bear. */
export interface StoreKey {
  id: string;
  /** 32 bytes as base64. */
  key: Secret;
}

/** Begins no text and no JSON, and says the format. */
const MAGIC = Buffer.from("\0MP1", "latin1");
/** A sealed text begins with this, the name of its key and a colon. */
const TEXT_PREFIX = "mp1:";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** A fresh key as base64. */
export function newKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

export class Vault {
  readonly #keys: readonly StoreKey[];
  readonly #bytes = new Map<string, Buffer>();

  /** The first key seals, all of them open. At least one. */
  constructor(keys: readonly StoreKey[]) {
    this.#keys = keys;
  }

  /** Name of the key that seals. */
  get current(): string {
    return this.#keys[0]?.id ?? "";
  }

  get ids(): string[] {
    return this.#keys.map((it) => it.id);
  }

  has(id: string): boolean {
    return this.#keys.some((it) => it.id === id);
  }

  /** Seals bytes for a place: table, column and row. They open at that place alone. */
  seal(place: string, plain: Buffer): Buffer {
    const id = Buffer.from(this.current);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key(this.current), nonce);
    cipher.setAAD(Buffer.from(place));
    const parts = [cipher.update(plain), cipher.final()];
    return Buffer.concat([MAGIC, Buffer.of(id.length), id, nonce, cipher.getAuthTag(), ...parts]);
  }

  /**
   * Opens what `seal` gave for that place; what was never sealed is given back. Throws
   * `store_key_missing` without its key, `store_value_broken` when it was changed or moved.
   */
  open(place: string, sealed: Buffer): Buffer {
    const id = sealedBy(sealed);
    if (id === undefined) return sealed;
    const at = MAGIC.length + 1 + Buffer.byteLength(id);
    const tagAt = at + NONCE_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", this.#key(id), sealed.subarray(at, tagAt));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(tagAt, tagAt + TAG_BYTES));
    try {
      const body = sealed.subarray(tagAt + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch (error) {
      throw new MilepostError(`A value of the store does not open with key "${id}": ${place}`, {
        code: "store_value_broken",
        retry: "pause",
        culprit: place,
        hint: "the key of this name is another one, or somebody changed the file: restore a backup",
        cause: error,
      });
    }
  }

  sealText(place: string, plain: string): string {
    return TEXT_PREFIX + this.seal(place, Buffer.from(plain)).toString("base64");
  }

  openText(place: string, text: string): string {
    const sealed = bytesOf(text);
    return sealed === undefined ? text : this.open(place, sealed).toString("utf8");
  }

  /** The same for people who only look: says so where the key is not at hand. */
  shownText(place: string, text: string): string {
    try {
      return this.openText(place, text);
    } catch (error) {
      if (error instanceof MilepostError) return `(sealed: ${error.message})`;
      throw error;
    }
  }

  #key(id: string): Buffer {
    const known = this.#bytes.get(id);
    if (known !== undefined) return known;
    const found = this.#keys.find((it) => it.id === id);
    if (found === undefined) throw keyMissing(id);
    const bytes = Buffer.from(found.key.reveal(), "base64");
    if (bytes.length !== KEY_BYTES) {
      throw new MilepostError(`The store's key "${id}" is not 32 bytes as base64`, {
        code: "store_key_invalid",
        retry: "pause",
        culprit: id,
        hint: "make one with: milepost keys new",
      });
    }
    this.#bytes.set(id, bytes);
    return bytes;
  }
}

/** The store needs a key that nobody gave. */
export function keyMissing(id: string): MilepostError {
  return new MilepostError(`The store is sealed with key "${id}", which is not here`, {
    code: "store_key_missing",
    retry: "pause",
    culprit: id,
    hint: "name it under store.keys, or put store.keys back into data_dir; without it nothing opens",
  });
}

/** Name of the key that a value is sealed with; undefined: it never was. */
export function sealedBy(value: Buffer | string): string | undefined {
  const sealed = typeof value === "string" ? bytesOf(value) : value;
  if (sealed === undefined || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const length = sealed[MAGIC.length] ?? 0;
  return sealed.subarray(MAGIC.length + 1, MAGIC.length + 1 + length).toString("utf8");
}

function bytesOf(text: string): Buffer | undefined {
  if (!text.startsWith(TEXT_PREFIX)) return undefined;
  return Buffer.from(text.slice(TEXT_PREFIX.length), "base64");
}
