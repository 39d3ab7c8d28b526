import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import { describeGolden } from "../golden.ts";

describe("edifact: samples", () => {
  describeGolden(edifactSource, { acknowledge: "contrl_and_aperak" }, [".edi"]);
});
