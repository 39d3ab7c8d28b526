/** Who we are to other bridges at the same folder: a name that stays with the data directory. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Eight hexadecimal digits, made once; a restart knows by them which claims are its own. */
export function ownerName(dataDir: string): string {
  const file = join(dataDir, "owner");
  try {
    const name = readFileSync(file, "utf8").trim();
    if (/^[0-9a-f]{8}$/.test(name)) return name;
  } catch {
    // There is none yet.
  }
  const name = randomBytes(4).toString("hex");
  writeFileSync(file, `${name}\n`, { mode: 0o640 });
  return name;
}
