/** What `milepost partner …` prints for people. */
import type { Comparison } from "../partners/comparison.ts";
import type { PollTrial } from "../partners/poll_trial.ts";
import { type codeTable, type Trial, UNMAPPED } from "../partners/trial.ts";
import type { UnkeyedFact } from "../canonical/fact_key.ts";
import type { PartnerUse } from "../store/partner_uses.ts";
import { table } from "./command_kit.ts";
import { codesText, type OdooCodes } from "./partner_codes.ts";
import type { OdooChange } from "./partner_change.ts";
import type { OdooPreview } from "./partner_preview.ts";

export interface TrialReport {
  mapping: string;
  messages: Trial[];
  codes: ReturnType<typeof codeTable>;
  odoo: OdooPreview;
  odoo_codes: OdooCodes;
  poll: PollTrial;
}

/** `milepost partner try` */
export function trialText(report: TrialReport): string {
  const { mapping, messages, codes, odoo, odoo_codes: odooCodes, poll } = report;
  const facts = messages.flatMap(({ name, facts: read }) =>
    read.map(({ fact }) => [shortName(name), ...columnsOf(fact)]),
  );
  const problems = messages.flatMap(({ name, findings, refused }) => [
    ...(refused === undefined
      ? []
      : [
          [
            shortName(name),
            refused.quarantine ? "quarantine" : "refused",
            refused.code,
            refused.text,
          ],
        ]),
    ...findings.map((it) => [shortName(name), it.severity, it.code, `${it.path} ${it.text}`]),
  ]);
  return [
    `${mapping}: ${messages.length} messages, ${facts.length} facts`,
    "",
    ...(facts.length === 0
      ? ["nothing came out"]
      : [table(["message", "fact", "what", "when", "shipment by"], facts)]),
    "",
    ...(codes.length === 0
      ? []
      : [
          table(
            ["the sender's code", "meaning", "count"],
            codes.map((it) => [it.raw, it.meaning, String(it.count)]),
          ),
          "",
        ]),
    ...(problems.length === 0
      ? ["no findings"]
      : [table(["message", "severity", "code", "where and what"], problems)]),
    "",
    pollText(poll),
    odooText(odoo),
    // Where neither was asked for one reason, it is said once.
    ...(!odooCodes.asked && !odoo.asked && odooCodes.why === odoo.why
      ? []
      : [codesText(odooCodes)]),
    // Only Odoo knows what its code map says; the table is the file's alone.
    ...(!odooCodes.asked && codes.some((it) => it.meaning === UNMAPPED)
      ? ["What is unmapped here may have its meaning in Odoo: Configuration › Code Maps."]
      : []),
  ].join("\n");
}

function pollText(poll: PollTrial): string {
  if (!poll.asked) return `Partner: ${poll.why}`;
  if (!poll.ok) {
    return `Partner: ${poll.text} [${poll.code}]${poll.hint === undefined ? "" : `\n         ${poll.hint}`}`;
  }
  const { messages, bytes, warnings } = poll;
  const page = messages === 0 ? "a page without records" : `a page of ${bytes} bytes`;
  return [`Partner: lets us in, and answers ${page}`, ...warnings].join("\n         ");
}

function odooText(odoo: OdooPreview): string {
  if (!odoo.asked) return `Odoo: ${odoo.why}`;
  const rows = odoo.facts.map((it) => [
    it.key.slice(0, 12),
    it.kind,
    it.status,
    [...it.shipments, ...it.candidates].join(", ") || it.reason || "-",
  ]);
  return `Odoo, connection ${odoo.connection}:\n${table(["fact", "kind", "would be", "shipments"], rows)}`;
}

function columnsOf(fact: UnkeyedFact): string[] {
  const by = fact.identifiers
    .slice(0, 2)
    .map((it) => `${it.type} ${it.value}`)
    .join(", ");
  return [fact.kind, ...whatAndWhen(fact), by];
}

export function whatAndWhen(fact: UnkeyedFact): [string, string] {
  switch (fact.kind) {
    case "milestone": {
      const what = [fact.code ?? "unmapped", ...(fact.conditions ?? [])].join(" + ");
      const { at, zone = "", precision, zone_inferred } = fact.occurred;
      const when = precision === "date" ? at.slice(0, 10) : at;
      return [`${what} (${fact.classifier})`, `${when} ${zone}${zone_inferred ? "?" : ""}`];
    }
    case "proof_of_delivery":
      return [`signed by ${fact.signer ?? "nobody"}`, fact.delivered?.at ?? ""];
    case "charge":
      return [`${fact.charge_type} ${fact.amount} ${fact.currency}`, fact.occurred?.at ?? ""];
    case "carrier_invoice":
      return [`${fact.number} ${fact.total} ${fact.currency}`, fact.bill_date];
    case "itinerary":
      return [`${fact.stops.length} stops`, ""];
    case "retraction":
      return [
        `withdraws ${"key" in fact.target ? fact.target.key.slice(0, 12) : fact.target.source_event}`,
        fact.recorded_at,
      ];
  }
}

/** `milepost partner diff` */
export function comparisonText(
  it: Comparison & { before: string; after: string; odoo: OdooChange },
): string {
  const rows = it.changes.map((change) => {
    const fact = change.after ?? change.before;
    const what = fact === undefined ? "" : whatAndWhen(fact).join(" ");
    const members = change.members === undefined ? "" : ` (${change.members.join(", ")})`;
    return [change.kind, shortName(change.message), change.path || "/", `${what}${members}`];
  });
  const unreadable = it.unreadable.map((one) => [
    shortName(one.message),
    one.before ?? "read",
    one.after ?? "read",
  ]);
  return [
    `${it.before} → ${it.after} over ${it.messages} messages: ${it.facts.same} facts the same, ` +
      `${it.facts.before} before, ${it.facts.after} after`,
    ...(rows.length === 0
      ? ["no fact differs"]
      : [table(["change", "message", "path", "fact"], rows)]),
    ...(unreadable.length === 0 ? [] : [table(["message", "before", "after"], unreadable)]),
    "",
    changeText(it.odoo),
  ].join("\n");
}

function changeText(odoo: OdooChange): string {
  if (!odoo.asked) return `Odoo: ${odoo.why}`;
  const rows = odoo.shipments.flatMap(({ shipment, before, after }) => [
    ...differences(before.values, after.values).map((row) => [shipment, ...row]),
    ...differences(before.money, after.money).map((row) => [shipment, ...row]),
  ]);
  const refused = odoo.refused.map(({ kind, reason }) => [kind, reason]);
  return [
    `Odoo: a replay would tell ${odoo.told} facts and withdraw ${odoo.withdrawn}; ` +
      `${odoo.shipments.length} shipments would change`,
    ...(rows.length === 0 ? [] : [table(["shipment", "what", "before", "after"], rows)]),
    ...(refused.length === 0 ? [] : [table(["would not be taken", "why"], refused)]),
  ].join("\n");
}

function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[][] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => [name, before[name] ?? "-", after[name] ?? "-"]);
}

/** `milepost partner history` */
export function historyText(uses: ReadonlyArray<Omit<PartnerUse, "text">>): string {
  return table(
    ["version", "since", "by", "sha256"],
    uses.map(({ version, at, by, sha256 }) => [
      String(version),
      new Date(at).toISOString(),
      by,
      sha256.slice(0, 16),
    ]),
  );
}

export function shortName(path: string): string {
  return path.split("/").at(-1) ?? path;
}
