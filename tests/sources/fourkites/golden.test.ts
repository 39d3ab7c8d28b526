import { fourkitesSource } from "../../../bridge/sources/fourkites/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_appointment.json": "a new appointment is a plan",
  "made_arrival_in_dst_gap.json":
    "a time that the clocks skipped is read an hour later, with a warning",
  "made_arrival_pickup.json": "no offset: the callback's Timezone, not inferred",
  "made_auto_delivered.json": "an offset is taken as it is",
  "made_departure_in_dst_fold.json":
    "a time that the clocks showed twice is read as the first, with a warning",
  "made_eta.json": "a forecast is CarrierETA, never Timestamp",
  "made_eta_missing.json": "a forecast without CarrierETA is an error, not a guess",
  "made_load_deleted.json": "a deleted load stays visible as unmapped",
  "made_load_refused.json": "a refused load is an error with FourKites' reason",
  "made_location.json": "a position moves no step before the pickup is known",
};

describe("fourkites: samples", () => {
  describeGolden(fourkitesSource, RULES);
});
