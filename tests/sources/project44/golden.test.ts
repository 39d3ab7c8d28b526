import { project44Source } from "../../../bridge/sources/project44/source.ts";
import { describeGolden } from "../golden.ts";

describe("project44: samples", () => {
  describeGolden(project44Source);
});
