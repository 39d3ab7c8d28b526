import { x12Source } from "../../../bridge/sources/x12/source.ts";
import { describeGolden } from "../golden.ts";
import { SAMPLE_ENDINGS } from "./samples.ts";

describe("x12: samples", () => {
  describeGolden(x12Source, { zone: "America/New_York" }, SAMPLE_ENDINGS);
});
