/** How many findings of a message are kept. */
import type { Finding } from "../canonical/reading.ts";

const MAX_FINDINGS = 1000;

/** A long file may be wrong in every line: the message keeps the first findings and their number. */
export function capFindings(findings: readonly Finding[]): Finding[] {
  if (findings.length <= MAX_FINDINGS) return [...findings];
  const more = findings.length - MAX_FINDINGS;
  const severity = findings.some((it) => it.severity === "error") ? "error" : "warning";
  const text = `${more} more findings are not kept`;
  return [...findings.slice(0, MAX_FINDINGS), { severity, code: "more_findings", path: "", text }];
}
