/** Values that several parts of the configuration hold. */
import { z } from "zod";

export const host = z.string().min(1);
export const port = z.int().min(0).max(65_535);
export const seconds = (value: number, max = 86_400) =>
  z.number().positive().max(max).default(value);
export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, "must be a header name")
  .transform((name) => name.toLowerCase());
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), "must not hold a user or password")
  .transform((url) => url.replace(/\/+$/, ""));
