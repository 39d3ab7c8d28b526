/** Values that several parts of the configuration hold. */
import { z } from "zod";

export const host = z.string().min(1);
export const seconds = (value: number, max = 86_400) =>
  z.number().positive().max(max).default(value);
