import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import { describeGolden } from "../golden.ts";

describe("Open Trip Model 5", () => {
  describeGolden(otm5Source, { zone: "Europe/Amsterdam" });
});
