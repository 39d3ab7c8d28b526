import { aftershipSource } from "../../../bridge/sources/aftership/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_pending.json": "Pending says nothing of the parcel: no fact, a warning",
  "made_returned_to_sender.json":
    "with return_to_sender, delivered is the sender's own door: returned, no proof",
  "made_webhook_exceptions.json":
    "a subtag decides before its tag, an unknown exception stays unmapped; a time without offset is the clock at its place, inferred; a day alone has the precision of a date",
  "tracking_0.json": "a scan keeps the offset that the carrier gave",
  "tracking_1.json": '"Signature not required" is no signer; a forecast at midnight is a day',
};

describe("aftership: samples", () => {
  describeGolden(aftershipSource, RULES);
});
