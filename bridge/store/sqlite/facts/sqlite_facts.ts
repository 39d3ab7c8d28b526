/** The facts over the table `fact`, which nothing but this folder writes. */
import type { Facts } from "../../facts.ts";
import type { Database } from "../database.ts";
import { factClaimer } from "./claim.ts";
import { lookingAtFacts } from "./look.ts";
import { factRecovery } from "./recover.ts";
import { factSettler } from "./settle.ts";

export function sqliteFacts(database: Database): Facts {
  const claim = factClaimer(database);
  const settle = factSettler(database);
  const recover = factRecovery(database);
  return {
    ...lookingAtFacts(database),
    claim: (wanted) => database.write(() => claim(wanted)),
    settle: (settlements) => database.write(() => settlements.forEach(settle)),
    recover: (lanes, now, longestDelayMs) =>
      database.write(() => recover(lanes, now, longestDelayMs)),
  };
}
