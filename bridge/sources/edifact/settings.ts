/** What may differ from one EDIFACT partner to the next. */
import { z } from "zod";
import { MILESTONE_CODES } from "../../canonical/codes.ts";
import { currency } from "../../canonical/values.ts";
import { zoneName } from "../shared/reading/instants.ts";
import { partySettings } from "../shared/reading/parties.ts";
import { acceptVersions } from "../shared/reading/version.ts";
import { ORDER_MESSAGES } from "./our_order.ts";

const party = z.string().regex(/^[\x20-\x7e]{1,35}$/, "1 to 35 printable characters");

/** Ours and theirs, as they stand in UNB of what we send. */
const interchange = z.strictObject({
  sender: party,
  /** UNB 0007, such as 14 (GS1), ZZZ (mutually agreed). */
  sender_qualifier: z.string().max(4).optional(),
  receiver: party,
  receiver_qualifier: z.string().max(4).optional(),
  /** Of transport orders: the directory. An INSDES in 96A is EANCOM 1997, in 01B EANCOM 2002. */
  release: z
    .string()
    .regex(/^[0-9]{2}[AB]$/, "a directory, such as 96A")
    .default("96A"),
  /** Marks what we send as a test (UNB 0035). */
  test: z.boolean().default(false),
  ...partySettings(party),
});

const shape = z.strictObject({
  /** For times whose place tells no zone, and for the message's own time. */
  zone: zoneName.default("UTC"),
  /** What `0000` means: a time that is not known, or midnight. */
  midnight: z.enum(["unknown", "midnight"]).default("unknown"),
  /** Status codes of this partner that mean something else, or something at all. */
  status_codes: z
    .record(z.string().regex(/^[A-Z0-9]{1,3}$/), z.enum([...MILESTONE_CODES, "unmapped"]))
    .default({}),
  /** Of an INVOIC that names none. */
  currency: currency.default("EUR"),
  /** Versions outside D:93A to D:07B that are read all the same: `D:08A`. */
  accept_versions: acceptVersions,
  /** What every interchange is answered with: CONTRL for its syntax, APERAK for what it says. */
  acknowledge: z.enum(["none", "contrl", "contrl_and_aperak"]).default("contrl"),
  /** What our orders are: IFTMIN tells a carrier what to move, INSDES a warehouse what to despatch. */
  order_message: z.enum(ORDER_MESSAGES).default("IFTMIN"),
  /** Units of an INSDES: our name, and its code of UN/ECE Rec. 20. */
  units: z.record(z.string().min(1), z.string().regex(/^[A-Z0-9]{2,3}$/)).default({}),
  /** BGM 1225 of a changed IFTMIN, which is told whole: 5 replaces the instruction, 4 changes it. */
  order_change: z.enum(["replace", "change"]).default("replace"),
  /** Needed for sending transport orders; once it is given, interchanges of others are not read. */
  interchange: interchange.optional(),
});

/** INSDES has an edition of EANCOM for two directories. */
export const settings = shape.refine(
  ({ order_message: message, interchange: us }) =>
    message === "IFTMIN" || us === undefined || ["96A", "01B"].includes(us.release),
  { path: ["interchange", "release"], message: "an INSDES is written in 96A or 01B" },
);
export type EdifactSettings = z.infer<typeof settings>;
