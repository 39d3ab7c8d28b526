import { x12Source } from "../../../bridge/sources/x12/source.ts";
import { describeGolden } from "../golden.ts";
import { SAMPLE_ENDINGS } from "./samples.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "apimeister_004010_315.edi":
    "315 VA at a place without a known zone: the connection's, inferred, with a warning",
  "apimeister_204_export_hazmat.edi":
    "204 00 is tendered; LD is a pickup, DT a delivery; an empty L11 is no reference; N7 with its check digit is the container",
  "apimeister_204_import_container.edi": "204 without SCAC; PA is a pickup; M7 is the seal",
  "apimeister_214_multistop_appointments.edi":
    "three LX by delivery order; AT703 AA and AB are plans; X1 is not delivered; AD is an appointment reason; PS without a place is -08:00; an IEA that disagrees is a warning",
  "apimeister_214_two_sets_osd.edi":
    "an unpadded ISA; Q7 P makes a delivery partial, N1*N5 signs it; LT at a place without a known zone is the connection's, inferred",
  "apimeister_315_0.edi": "the same event in another file is the same fact",
  "apimeister_315_1.edi": "the same event in another file is the same fact",
  "apimeister_315_2.edi":
    "DTM 140 at R4 L is a departure, 139 at D a forecast; LT by UN/LOCODE in three zones; SE that disagrees is a warning",
  "apimeister_315_3.edi":
    "times to the second; R4 5 repeats the event and is no second one; a forecast at E is for the delivery",
  "canadapost_214_batch.txt":
    "19 sets; CS in Manitoba and Saskatchewan, MT, PT and ET by the stop's own clock on both sides of the change of clocks, no code inferred; CA with BT is returned, AH and AP with AG are attempts; padded values are trimmed",
  "made_214_times.edi":
    "LT, CS in summer, CD, CT, 05, 20, UT, none, 0000, 16000000, PS elsewhere, NS in Newfoundland, gap, fold, no day, 2400, LT nowhere: each AT7 one trap",
  "node-x12-edi_990_accept_decline_conditional.edi":
    "A accepts, D declines and keeps its raw code, C stays unmapped with the carrier's words for a person",
  "ups_210_batch.txt":
    "five invoices that add up to the cent: two implied decimals, negative corrections, discounts and taxes as lines; unknown charges are misc with the text of the carrier",
};

describe("x12: samples", () => {
  describeGolden(x12Source, RULES, { zone: "America/New_York" }, SAMPLE_ENDINGS);
});
