/** When partners' answers to orders are overdue, as a connection configures it. */
import { z } from "zod";

/** Ninety days at most; 0 expects none. */
const hours = z.number().min(0).max(2160);

/** What is left out is the source's usual (`Source.answerHours`). */
export const answersType = z
  .strictObject({
    receipt_hours: hours.optional(),
    answer_hours: hours.optional(),
    status_hours: hours.optional(),
  })
  .prefault({});
