import { shippoSource } from "../../../bridge/sources/shippo/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_answer_test_mode.json":
    "a time without Z is the clock at its place, else UTC, inferred; UNKNOWN stays unmapped; test mode is a warning",
  "made_lost.json": "lost is a condition, with the carrier as reason",
  "made_webhook_delivered.json":
    "STATUS/substatus decides before the status; a forecast at midnight is a day",
  "made_webhook_transaction.json": "other webhooks are a warning",
};

describe("shippo: samples", () => {
  describeGolden(shippoSource, RULES);
});
