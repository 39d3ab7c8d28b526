import { karrioSource } from "../../../bridge/sources/karrio/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_list.json":
    "a status without event has the date of the update; an impossible date costs its event only",
  "made_webhook_delivered.json":
    "all times are wall clock at the place, else in the connection's zone, inferred: Karrio drops offsets; an incident reason decides before the status; a carrier's own code stays unmapped",
  "made_webhook_shipment.json": "other webhooks are a warning",
};

describe("karrio: samples", () => {
  describeGolden(karrioSource, RULES);
});
