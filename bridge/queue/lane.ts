/** Which lane a fact waits in. */
import { createHash } from "node:crypto";
import type { Fact } from "../canonical/fact.ts";

/**
 * 31-bit hash of a connection and the source's lane name (a trip or order id). It is stored, so it
 * must never change; the lane is its remainder by the number of lanes.
 */
export function laneHash(connection: string, lane: string): number {
  const digest = createHash("sha256").update(connection).update("\0").update(lane).digest();
  return digest.readUInt32BE(0) & 0x7fffffff;
}

/** The lane of a shipment of Odoo, by its number: the same whoever speaks of it. */
export function shipmentLane(number: string): number {
  return laneHash("", `shipment ${number}`);
}

/**
 * The lane of a fact: that of the shipment which it names by Odoo's number, else the source's. Two
 * trips, or two partners, that speak of one shipment would meet at its lock in Odoo otherwise.
 */
export function laneOf(connection: string, fact: Pick<Fact, "identifiers">, lane: string): number {
  const named = fact.identifiers.find((it) => it.type === "shipment");
  return named === undefined ? laneHash(connection, lane) : shipmentLane(named.value);
}
