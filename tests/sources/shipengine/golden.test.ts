import { shipengineSource } from "../../../bridge/sources/shipengine/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_webhook_batch.json": "other webhooks are a warning",
  "made_webhook_delivered.json":
    "local time and UTC give the place's offset; where they do not fit, UTC counts, with a warning; local alone is inferred; a carrier's own code stays unmapped",
  "mock-track-by-carrier-code-and-tracking-number_0.json":
    "events with a carrier's code only stay unmapped, the delivery by status is read",
  "mock-track-by-carrier-code-and-tracking-number_1.json": "an error body is refused",
  "mock-track-by-label-id-200_0.json":
    "events with a carrier's code only stay unmapped, the delivery by status is read",
  "mock-track-by-label-id-200_1.json": "an error body is refused",
  "mock-track-by-label-id-200_2.json": "an error body is refused",
};

describe("shipengine: samples", () => {
  describeGolden(shipengineSource, RULES);
});
