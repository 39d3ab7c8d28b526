/** Charges and carriers' bills of a mapping. Decimals are text from the message to Odoo. */
import type { ChargeType } from "../../canonical/codes.ts";
import { INVOICE_CORRECTIONS, type CarrierInvoice, type Charge } from "../../canonical/fact.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import type { FactHead } from "./fact_head.ts";
import type { InstantRule, RuleOf } from "./rules.ts";
import { stopOf } from "./milestones.ts";
import { decimalAt, instantAt, type Reader, textAt, wordAt } from "./values.ts";

type Unkeyed<F> = Omit<F, "key" | "message">;
const SIDES = ["cost", "sell"] as const;
const DOCUMENTS = ["invoice", "credit_note"] as const;

/** The charge; nothing when its amount, currency or side cannot be read (findings say so). */
export function chargeOf(
  reader: Reader,
  rule: RuleOf<"charge">,
  values: JsonNode,
  common: FactHead,
): Unkeyed<Charge> | undefined {
  const amount = required(reader, "amount", decimalAt(reader, values.at("amount"), "amount"));
  const currency = required(reader, "currency", textAt(values.at("currency"), 8)?.toUpperCase());
  const side = required(
    reader,
    "side",
    wordAt<Charge["side"]>(reader, values.at("side"), rule.side, SIDES, "side"),
  );
  const raw_code = required(reader, "code", textAt(values.at("code"), 64));
  if (!amount || !currency || !side || !raw_code) return undefined;
  return defined({
    ...common,
    kind: "charge" as const,
    side,
    charge_type: chargeTypeOf(reader, raw_code),
    amount,
    currency,
    quantity: decimalAt(reader, values.at("quantity"), "quantity"),
    unit: textAt(values.at("unit"), 32),
    rate: decimalAt(reader, values.at("rate"), "rate"),
    stop: stopOf(reader, rule.stop, values.at("stop")),
    occurred: instantAt(reader, values.at("occurred"), rule.occurred),
    description: textAt(values.at("description"), 256),
    raw_code,
  });
}

/** The bill; nothing when what makes it a bill cannot be read (findings say so). */
export function carrierInvoiceOf(
  reader: Reader,
  rule: RuleOf<"carrier_invoice">,
  values: JsonNode,
  common: FactHead,
): Unkeyed<CarrierInvoice> | undefined {
  const word = <T extends string>(
    name: string,
    written: T | { from: unknown },
    list: readonly T[],
  ) => wordAt(reader, values.at(name), written, list, name);
  const day = (name: string, at: InstantRule | undefined) => dayAt(reader, values.at(name), at);
  const number = required(reader, "number", textAt(values.at("number"), 64));
  const document = required(
    reader,
    "document",
    word<CarrierInvoice["document"]>("document", rule.document, DOCUMENTS),
  );
  const correction = required(
    reader,
    "correction",
    word<CarrierInvoice["correction"]>("correction", rule.correction, INVOICE_CORRECTIONS),
  );
  const bill_date = required(reader, "bill_date", day("bill_date", rule.bill_date));
  const currency = required(reader, "currency", textAt(values.at("currency"), 8)?.toUpperCase());
  const total = required(reader, "total", decimalAt(reader, values.at("total"), "total"));
  if (!number || !document || !correction || !bill_date || !currency || !total) return undefined;
  return defined({
    ...common,
    kind: "carrier_invoice" as const,
    number,
    document,
    correction,
    corrects: textAt(values.at("corrects"), 64),
    carrier_scac: textAt(values.at("carrier_scac"), 4),
    carrier_name: textAt(values.at("carrier_name"), 128),
    bill_date,
    due_date: day("due_date", rule.due_date),
    ship_date: day("ship_date", rule.ship_date),
    delivered: instantAt(reader, values.at("delivered"), rule.delivered),
    currency,
    total,
    lines: values
      .at("lines")
      .items()
      .flatMap((line) => lineOf(reader, line)),
  });
}

function lineOf(reader: Reader, line: JsonNode): CarrierInvoice["lines"] {
  const amount = required(reader, "lines/amount", decimalAt(reader, line.at("amount"), "amount"));
  if (amount === undefined) return [];
  const description = textAt(line.at("description"), 256);
  const raw_code = textAt(line.at("code"), 64) ?? "none";
  return [
    defined({
      charge_type: chargeTypeOf(reader, raw_code),
      amount,
      tax_rate: decimalAt(reader, line.at("tax_rate"), "tax_rate"),
      rate: decimalAt(reader, line.at("rate"), "rate"),
      quantity: decimalAt(reader, line.at("quantity"), "quantity"),
      unit: textAt(line.at("unit"), 32),
      description,
      raw_code,
    }),
  ];
}

/** By the file's table; one that is not there is `misc` with its code, and said so. */
function chargeTypeOf({ builder, mapping, path }: Reader, raw: string): ChargeType {
  const { charges } = mapping.codes;
  const known = Object.hasOwn(charges, raw) ? charges[raw] : undefined;
  if (known !== undefined) return known;
  builder.finding(
    "warning",
    "unmapped_code",
    path,
    `charge "${raw}" is in no table of the mapping`,
  );
  return "misc";
}

/** The day in the zone that it was told in. */
function dayAt(reader: Reader, node: JsonNode, rule: InstantRule | undefined): string | undefined {
  const text =
    typeof rule === "object" && "at" in rule ? textAt(node.at("at"), 64) : textAt(node, 64);
  const instant = instantAt(reader, node, rule);
  if (instant === undefined) return undefined;
  // What the sender wrote as a day is that day, whatever the zone makes of its midnight.
  const written = /^\d{4}-\d{2}-\d{2}/.exec(text ?? "");
  return written?.[0] ?? dayIn(instant.at, instant.zone ?? "UTC");
}

function dayIn(at: string, zone: string): string {
  const timeZone = zone === "Z" ? "UTC" : zone;
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(new Date(at));
}

function required<T>({ builder, path }: Reader, name: string, value: T | undefined): T | undefined {
  if (value === undefined || value === "") {
    builder.finding("error", "missing_value", path, `${name} is missing or cannot be read`);
    return undefined;
  }
  return value;
}
