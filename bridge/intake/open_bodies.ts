/**
 * Bodies that are still coming in. A sender needs no secret to open one, so one address may hold
 * only so many, and all of them together only so much memory.
 */
import { ipKeyGenerator } from "express-rate-limit";

export interface OpenBodyLimits {
  /** Bodies that one address may have open. */
  perAddress: number;
  /** Bytes that all open bodies may hold. */
  bytes: number;
}

export class OpenBodies {
  readonly #limits: OpenBodyLimits;
  readonly #open = new Map<string, number>();
  #bytes = 0;

  constructor(limits: OpenBodyLimits) {
    this.#limits = limits;
  }

  /** Opens a body; undefined when its address has too many. */
  open(address: string): OpenBody | undefined {
    // An IPv6 host has a whole network of addresses.
    const key = ipKeyGenerator(address);
    const count = this.#open.get(key) ?? 0;
    if (count >= this.#limits.perAddress) return undefined;
    this.#open.set(key, count + 1);
    let held = 0;
    let isOpen = true;
    return {
      add: (bytes) => {
        held += bytes;
        this.#bytes += bytes;
        return this.#bytes <= this.#limits.bytes;
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#bytes -= held;
        const left = (this.#open.get(key) ?? 1) - 1;
        if (left === 0) this.#open.delete(key);
        else this.#open.set(key, left);
      },
    };
  }
}

export interface OpenBody {
  /** Counts what came; false when all open bodies hold too much. */
  add(bytes: number): boolean;
  /** The body is there, or will not come. */
  close(): void;
}
