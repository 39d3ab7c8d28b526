/** Which lane a fact waits in. */
import { createHash } from "node:crypto";

/**
 * 31-bit hash of a connection and the source's lane name (a trip or order id). It is stored, so it
 * must never change; the lane is its remainder by the number of lanes.
 */
export function laneHash(connection: string, lane: string): number {
  const digest = createHash("sha256").update(connection).update("\0").update(lane).digest();
  return digest.readUInt32BE(0) & 0x7fffffff;
}
