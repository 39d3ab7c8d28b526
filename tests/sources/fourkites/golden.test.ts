import { fourkitesSource } from "../../../bridge/sources/fourkites/source.ts";
import { describeGolden } from "../golden.ts";

describe("fourkites: samples", () => {
  describeGolden(fourkitesSource);
});
