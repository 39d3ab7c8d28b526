import { shippoSource } from "../../../bridge/sources/shippo/source.ts";
import { describeGolden } from "../golden.ts";

describe("shippo: samples", () => {
  describeGolden(shippoSource);
});
