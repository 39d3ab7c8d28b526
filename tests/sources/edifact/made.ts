/** Small EDIFACT messages that tests write, and what the source makes of them. */
import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import type { FactKind } from "../../../bridge/canonical/fact.ts";
import type { UnkeyedFact } from "../../../bridge/canonical/fact_key.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { messageOf } from "../golden.ts";

const settings = edifactSource.settings.parse({});

/** A message of one type, D.96A, in an interchange of 10 July 2024, with its counts right. */
export function interchange(type: string, ...segments: string[]): string {
  const count = segments.length + 2;
  const lines = ["UNB+UNOC:3+CARRIERX+SHIPPERY+240710:1500+77", `UNH+1+${type}`, ...segments];
  return [...lines, `UNT+${count}+1`, "UNZ+1+77"].map((it) => `${it}'`).join("");
}

/** An IFTSTA about SHP1 with the segments of one event. */
export function iftsta(...event: string[]): string {
  return interchange("IFTSTA:D:96A:UN", "BGM+23+D1+9", "CNI+1+SHP1", ...event);
}

/** An INVOIC F9 of 11 July 2024 about SHP1; `currency` is its CUX, none when empty. */
export function invoic(segments: readonly string[], currency = "CUX+2:EUR:4"): string {
  const head = ["BGM+380+F9+9", "DTM+137:20240711:102", "RFF+CU:SHP1", currency];
  return interchange("INVOIC:D:96A:UN", ...head.filter((it) => it !== ""), ...segments);
}

export function read(text: string | Buffer, more: object = {}): Reading {
  return edifactSource.read(messageOf(text), { ...settings, ...more });
}

/** The facts of one kind. */
export function factsOf<K extends FactKind>(reading: Reading, kind: K) {
  const facts = reading.facts.map(({ fact }): UnkeyedFact => fact);
  return facts.filter((it): it is Extract<UnkeyedFact, { kind: K }> => it.kind === kind);
}

/** Findings as `severity code place`. */
export function said({ findings }: Reading): string[] {
  return findings.map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

export const codes = ({ findings }: Reading): string[] => findings.map((it) => it.code);
