/** Which transaction sets are read, and by whom. */
import type { SetContext } from "../set_context.ts";
import { readAcknowledgement } from "./acknowledgement.ts";
import { read110 } from "./s110.ts";
import { read204 } from "./s204.ts";
import { read210 } from "./s210.ts";
import { read214 } from "./s214.ts";
import { read315 } from "./s315.ts";
import { read861, read944 } from "./receipt.ts";
import { read945 } from "./shipping_advice.ts";
import { read990 } from "./s990.ts";

export const READERS: Readonly<Record<string, (context: SetContext) => void>> = {
  "110": read110,
  "204": read204,
  "210": read210,
  "214": read214,
  "315": read315,
  "861": read861,
  "944": read944,
  "945": read945,
  "990": read990,
  "997": readAcknowledgement,
  "999": readAcknowledgement,
};
