import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "apimeister_d00b_iftsta_rail.edi":
    "STS+1+P::HS is a carrier's list; DTM 132, 133, 178 and 186 of the legs in the zones of their places; a reference of the event wins over the message's; an event after the message is no error",
  "made_iftsta_functions.edi":
    "BGM 1225: a duplicate and a copy say the same again, a replacement is newer, a cancellation withdraws",
  "made_iftsta_placements.edi":
    "the status in all three places; two reasons; RFF+AGY signs; a day without a place has the precision of a date",
  "made_iftsta_traps.edi":
    "UNA with other signs, umlauts in two encodings, wrong counts; 20020148 costs its event only; gap and fold are told; 303 with UTC is UTC",
  "made_iftsta_truncated.edi": "a file that ends too early: its last event is not read",
  "made_invoic_credit_mismatch.edi":
    "charges and allowances with their signs, a credit note, a total that does not add up, a cancellation, an invoice without anything",
  "made_recadv.edi":
    "damaged, short and refused of what came, each line its own; the two SSCC of a range; a cancellation withdraws the advice of its number",
  "staedi_invoic_d93a_una.edi":
    "decimal comma from UNA; without CUX the currency of the connection, inferred; an impossible date of another kind is a warning",
  "staedi_invoic_d97b_bad.edi":
    "a number that is none is an error with its place, the amounts are read",
  "staedi_invoic_d97b_una.edi": "UNA with other signs; lines and allowance add up",
};

describe("edifact: samples", () => {
  describeGolden(edifactSource, RULES, { acknowledge: "contrl_and_aperak" }, [".edi"]);
});
