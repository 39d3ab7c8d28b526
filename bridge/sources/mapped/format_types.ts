/** What a partner's bytes may be: the `format` of its file, and how it writes numbers. */
import { z } from "zod";

/** A name of the WHATWG Encoding Standard: utf-8, latin1, windows-1252, iso-8859-15, utf-16le … */
const encoding = z.string().refine(isEncoding, "is no encoding: utf-8, latin1, iso-8859-15 …");

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

const columnName = z.string().min(1).max(200);

const csv = z.strictObject({
  type: z.literal("csv"),
  encoding: encoding.optional(),
  delimiter: z.string().length(1).default(","),
  quote: z.string().length(1).default('"'),
  /** Names of the columns when the table has no heading. */
  columns: z.array(columnName).min(1).max(500).optional(),
});

const xml = z.strictObject({ type: z.literal("xml"), encoding: encoding.optional() });

/** Where something stands in a line: position of its first sign, from 1, and its length. */
const span = z.tuple([z.int().min(1).max(100_000), z.int().min(1).max(10_000)]);
const columns = z
  .record(columnName, span)
  .refine((it) => Object.keys(it).length > 0, "needs a column");

const fixed = z
  .strictObject({
    type: z.literal("fixed"),
    encoding: encoding.optional(),
    /** All lines are alike. */
    columns: columns.optional(),
    /** Where a line says of which kind it is, the kinds, and the kind that begins a record. */
    kind: span.optional(),
    kinds: z.record(z.string().min(1).max(40), columns).optional(),
    begins: z.string().min(1).max(40).optional(),
  })
  .refine(
    (it) => (it.columns === undefined) === (it.kind !== undefined && it.kinds !== undefined),
    {
      message: "needs columns, or kind and kinds",
    },
  )
  .refine((it) => it.begins === undefined || it.kinds?.[it.begins] !== undefined, {
    path: ["begins"],
    message: "is none of the kinds",
  });

const xlsx = z.strictObject({
  type: z.literal("xlsx"),
  /** Name of the sheet; the first when left out. */
  sheet: z.string().min(1).max(31).optional(),
  /** Line of the heading, from 1. */
  heading: z.int().min(1).max(1000).default(1),
});

export const formatType = z.union([
  z.literal("json").transform(() => ({ type: "json" as const })),
  z.literal("xml").transform(() => xml.parse({ type: "xml" })),
  z.literal("csv").transform(() => csv.parse({ type: "csv" })),
  z.literal("xlsx").transform(() => xlsx.parse({ type: "xlsx" })),
  csv,
  xml,
  fixed,
  xlsx,
]);
export type Format = z.infer<typeof formatType>;

/** How the partner writes decimals; a point and nothing between thousands when left out. */
export const numbersType = z
  .strictObject({
    decimal: z.enum([".", ","]),
    /** Between thousands. */
    group: z.enum([".", ",", " ", "'"]).optional(),
  })
  .refine((it) => it.group !== it.decimal, { path: ["group"], message: "is the decimal sign" });
export type Numbers = z.infer<typeof numbersType>;
