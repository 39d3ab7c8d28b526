/** What the TMS holds: every entity and event as OTM5, by the list that it is polled from. */
import { createHash } from "node:crypto";

export const COLLECTIONS = [
  "transportOrders",
  "consignments",
  "trips",
  "actions",
  "documents",
  "events",
  "vehicles",
] as const;
export type Collection = (typeof COLLECTIONS)[number];

export interface Entity {
  id: string;
  lastModified: string;
  [key: string]: unknown;
}

export class World {
  readonly #lists = new Map<Collection, Map<string, Entity>>(
    COLLECTIONS.map((name) => [name, new Map()]),
  );
  readonly #stamps = new Map<string, number>();

  /** When an entity changed: simulated time, and always later than its last change. */
  stamp(id: string, now: number): string {
    const second = Math.floor(now / 1000);
    const stamp = Math.max(second, (this.#stamps.get(id) ?? 0) + 1);
    this.#stamps.set(id, stamp);
    return isoOf(stamp * 1000);
  }

  put(collection: Collection, entity: Entity): void {
    // The latest change comes last, as the lists are sorted.
    this.#list(collection).delete(entity.id);
    this.#list(collection).set(entity.id, entity);
  }

  get(collection: Collection, id: string): Entity | undefined {
    return this.#list(collection).get(id);
  }

  /** Entities changed at or after `since`, by lastModified and id. */
  changed(collection: Collection, since: string): Entity[] {
    return [...this.#list(collection).values()]
      .filter((it) => it.lastModified >= since)
      .toSorted((a, b) => compare(a.lastModified, b.lastModified) || compare(a.id, b.id));
  }

  #list(collection: Collection): Map<string, Entity> {
    return this.#lists.get(collection) as Map<string, Entity>;
  }
}

/** A weak tag of a page: the same entities in the same versions. */
export function tagOf(entities: readonly Entity[]): string {
  const hash = createHash("sha256");
  for (const { id, lastModified } of entities) hash.update(`${id} ${lastModified}\n`);
  return `W/"${hash.digest("base64url").slice(0, 22)}"`;
}

/** UTC to the second, as all times of this TMS. */
export function isoOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
