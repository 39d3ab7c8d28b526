import { project44Source } from "../../../bridge/sources/project44/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_history.json":
    "one event can hold plan, forecast and what happened: a fact each; the stop's type decides between pickup, terminal and delivery; an event without time is an error",
  "made_ltl.json":
    "the LTL names map directly; a position while nothing is in transit moves no step",
};

describe("project44: samples", () => {
  describeGolden(project44Source, RULES);
});
