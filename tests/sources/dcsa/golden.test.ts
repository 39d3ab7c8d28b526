import { dcsaSource } from "../../../bridge/sources/dcsa/source.ts";
import { describeGolden } from "../golden.ts";

describe("dcsa: samples", () => {
  describeGolden(dcsaSource);
});
