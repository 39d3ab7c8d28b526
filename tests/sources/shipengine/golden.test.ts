import { shipengineSource } from "../../../bridge/sources/shipengine/source.ts";
import { describeGolden } from "../golden.ts";

describe("shipengine: samples", () => {
  describeGolden(shipengineSource);
});
