/** What may differ from one X12 partner to the next. Defaults are the commonest practice. */
import { z } from "zod";
import { MILESTONE_CODES } from "../../canonical/codes.ts";
import { currency } from "../../canonical/values.ts";
import { zoneName } from "../shared/reading/instants.ts";
import { partySettings } from "../shared/reading/parties.ts";
import { acceptVersions } from "../shared/reading/version.ts";

const identification = z.string().regex(/^[A-Za-z0-9 ._-]{1,15}$/, "1 to 15 letters or digits");
const qualifier = z.string().regex(/^[A-Z0-9]{2}$/, "an ISA qualifier, such as ZZ or 02");

/** Ours and theirs, as they stand in ISA and GS of what we send. */
const envelope = z.strictObject({
  sender_qualifier: qualifier.default("ZZ"),
  sender: identification,
  receiver_qualifier: qualifier.default("ZZ"),
  receiver: identification,
  /** GS02 and GS03; the ISA's when left out. */
  group_sender: identification.optional(),
  group_receiver: identification.optional(),
  /** P production, T test. */
  usage: z.enum(["P", "T"]).default("P"),
  element_separator: z.string().length(1).default("*"),
  component_separator: z.string().length(1).default(">"),
  segment_terminator: z.string().length(1).default("~"),
});
export type Interchange = z.infer<typeof envelope>;

/** The same parties, the other way round, are those of what comes in. */
export const interchange = envelope.extend(partySettings(identification));

export const settings = z.strictObject({
  /** For times whose code and place tell no zone, and for the message's own date. */
  zone: zoneName.default("UTC"),
  /**
   * Standard-time codes (`ES`, `CS` …): many senders use them all year for the wall clock, so that
   * the stop's own zone counts where it is of that family. `as_coded` takes them by the book.
   */
  standard_time: z.enum(["wall_clock", "as_coded"]).default("wall_clock"),
  /** What `0000` means: a time that is not known, or midnight. */
  midnight: z.enum(["unknown", "midnight"]).default("unknown"),
  /** For carriers that never send D1: CD (departed delivery) proves the delivery. */
  delivered_from_cd: z.boolean().default(false),
  /** S1 (trailer spotted) completes a drop-trailer delivery. */
  spotted_is_delivered: z.boolean().default(false),
  /** X6 in the consignee's own city means that the truck is out for delivery. */
  en_route_at_destination_is_out_for_delivery: z.boolean().default(false),
  /** AT701 codes of this partner that mean something else, or something at all. */
  status_codes: z
    .record(z.string().regex(/^[A-Z0-9]{1,3}$/), z.enum([...MILESTONE_CODES, "unmapped"]))
    .default({}),
  /** Whether L11*n*QN counts stops as our orders do. */
  stop_numbers: z.enum(["ours", "ignored"]).default("ours"),
  /** Qualifier of the L11 in which the carrier names who signed, besides N1*N5. */
  signer_qualifier: z
    .string()
    .regex(/^[A-Z0-9]{1,3}$/)
    .optional(),
  /** Amounts of a 210: two implied decimals by the standard, or as they stand. */
  amounts: z.enum(["implied", "explicit"]).default("implied"),
  /** Of a 210 without C3. */
  currency: currency.default("USD"),
  /** Versions outside 004010 to 008060 that are read all the same. */
  accept_versions: acceptVersions,
  /** Answer every group received with a 997. */
  acknowledge: z.boolean().default(true),
  /** Standard carrier alpha code of the carrier that our orders go to. */
  carrier_scac: z
    .string()
    .regex(/^[A-Z]{2,4}$/, "two to four letters")
    .optional(),
  /** What our orders are: 204 tells a carrier what to move, 940 a warehouse what to pick and ship. */
  order_set: z.enum(["204", "940"]).default("204"),
  /** Units of a 940: our name, and its code of element 355. */
  units: z.record(z.string().min(1), z.string().regex(/^[A-Z0-9]{2}$/)).default({}),
  /** B2A01 of a changed order, which is told whole: 05 replaces the tender, 04 changes it. */
  order_change: z.enum(["replace", "change"]).default("replace"),
  /** Needed for sending orders; once it is given, interchanges of others are not read. */
  interchange: interchange.optional(),
  /** Folder at the partner for what we send. */
  outbound_folder: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, "a relative folder, such as in/edi")
    .optional(),
});
export type X12Settings = z.infer<typeof settings>;
