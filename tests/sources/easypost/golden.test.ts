import { easypostSource } from "../../../bridge/sources/easypost/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_refused_and_lost.json":
    "the detail decides where it says more than the status; an impossible date costs its scan only; a status without scan has the date of the update, inferred",
  "made_webhook_batch.json": "events of other objects are a warning",
  "made_webhook_delivered.json":
    "offsets on both sides of a change of clocks; damage is a condition; signed_by is the proof; UTC without a place is inferred",
  "test_event_all_0.json": "a list of events without content is told, event by event",
  "test_event_retrieve_0.json": "a list of events without content is told, event by event",
  "test_event_retrieve_payload_2.json": "a list of events without content is told, event by event",
  "test_tracker_all_0.json": "a list of trackers, each with its own facts; test mode is a warning",
  "test_tracker_create_0.json":
    "pre_transit is booked; UTC without a place is inferred, with a place it is not",
  "test_tracker_retrieve_0.json": "the same tracker again gives the same facts",
  "test_tracker_retrieve_1.json": "the same tracker again gives the same facts",
  "test_tracker_retrieve_batch_0.json": "est_delivery_date is a forecast, to the second",
  "test_tracker_retrieve_batch_1.json": "the same inside a list",
};

describe("easypost: samples", () => {
  describeGolden(easypostSource, RULES);
});
