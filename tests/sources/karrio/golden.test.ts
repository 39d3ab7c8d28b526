import { karrioSource } from "../../../bridge/sources/karrio/source.ts";
import { describeGolden } from "../golden.ts";

describe("karrio: samples", () => {
  describeGolden(karrioSource);
});
