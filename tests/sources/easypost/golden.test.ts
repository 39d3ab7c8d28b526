import { easypostSource } from "../../../bridge/sources/easypost/source.ts";
import { describeGolden } from "../golden.ts";

describe("easypost: samples", () => {
  describeGolden(easypostSource);
});
