/** What a status code of X12 means. EDIFACT partners send X12's codes, too: one table serves both. */
import type { Classifier, Condition, MilestoneCode, StopKind } from "../../../canonical/codes.ts";

export interface StatusMeaning {
  code?: MilestoneCode;
  conditions?: readonly Condition[];
  /** `actual` when left out. */
  classifier?: Classifier;
  /** At which kind of stop it happens. */
  stop?: StopKind;
}

export const meaning = (
  code: MilestoneCode,
  stop?: StopKind,
  classifier?: Classifier,
): StatusMeaning => ({
  code,
  ...(stop && { stop }),
  ...(classifier && { classifier }),
});
