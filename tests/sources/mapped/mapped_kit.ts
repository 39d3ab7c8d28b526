/** Partners for tests: a file's text with what the test says in place of the usual. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import {
  loadPartner,
  parsePartner,
  type Partner,
} from "../../../bridge/sources/mapped/partner_file.ts";
import type { RawMessage } from "../../../bridge/sources/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { RECEIVED_AT } from "../golden.ts";

export const ROOT = join(import.meta.dirname, "..", "..", "..");
export const FIXTURES = join(ROOT, "tests", "fixtures", "mapped");

/** When the samples of carriers were heard. */
export const NOW = new Date("2026-11-26T08:00:00Z");

const shipped = new Map<string, Partner>();

/** A file of deploy/partners, with one reading process for all tests. */
export function shippedPartner(name: string): Partner {
  const known = shipped.get(name) ?? loadPartner(join(ROOT, `deploy/partners/${name}.yaml`));
  shipped.set(name, known);
  return known;
}

/** What is read of a sample by the file of its name. */
export function readSample(
  name: string,
  file: string,
  attributes: Record<string, string> = {},
): Promise<Reading> {
  const said = { ...message(sampleOf(name, file), attributes), receivedAt: NOW };
  return mappedSource.read(said, shippedPartner(name));
}

export const codesOf = ({ findings }: Reading) => findings.map(({ code }) => code);

/** A small partner: one record per message with `load`, `code` and `at`. */
export function tree(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    mapping: { name: "acme", version: 1 },
    zone: "America/Chicago",
    identifiers: { shipment_id: "load" },
    facts: [{ kind: "milestone", code: "code", occurred: "at" }],
    codes: { milestones: { DEL: "delivered", PU: "picked_up" } },
    ...more,
  };
}

export function partner(more: Record<string, unknown> = {}): Partner {
  return parsePartner(stringify(tree(more)), "acme.yaml");
}

export function message(body: unknown, attributes: Record<string, string> = {}): RawMessage {
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return {
    body: Buffer.from(text as string),
    contentType: "application/json",
    receivedAt: RECEIVED_AT,
    attributes,
  };
}

export function read(body: unknown, by: Partner = partner()): Promise<Reading> {
  return mappedSource.read(message(body), by);
}

export function sampleOf(name: string, file: string): Buffer {
  return readFileSync(join(FIXTURES, name, file));
}
