/** Which transaction sets are read, and by whom. */
import type { SetContext } from "../set_context.ts";
import { read210 } from "./s210.ts";
import { read214 } from "./s214.ts";

export const READERS: Readonly<Record<string, (context: SetContext) => void>> = {
  "210": read210,
  "214": read214,
};
