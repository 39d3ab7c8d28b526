import { aftershipSource } from "../../../bridge/sources/aftership/source.ts";
import { describeGolden } from "../golden.ts";

describe("aftership: samples", () => {
  describeGolden(aftershipSource);
});
