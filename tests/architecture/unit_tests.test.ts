import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";

const ELSEWHERE = /^tests\/(browser|flow|bench|chaos|pseudo|web)\/|\.process\.test\.ts$/;
/** What starts a process, or has one started: a partner's expressions run in one of their own. */
const STARTS = /"node:child_process"|bridge_kit\/bridge_process|mapped_kit|mapped\/reading_process/;

describe("a unit test", () => {
  const files = globSync("tests/**/*.test.ts").filter((file) => !ELSEWHERE.test(file));
  const isFuzz = (file: string) => /(^|[/.])fuzz\.test\.ts$/.test(file);
  const found = (files_: readonly string[], pattern: RegExp) =>
    files_.filter((file) => pattern.test(readFileSync(file, "utf8")));

  it("starts no process: what does so is named .process.test.ts", () => {
    const units = files.filter((file) => !isFuzz(file));
    expect(found(units, STARTS).filter((it) => !it.includes("architecture/"))).to.deep.equal([]);
  });

  it("asks for no minutes: what does so is named .fuzz.test.ts", () => {
    const units = files.filter((file) => !isFuzz(file));
    expect(found(units, /timeout\(\d{3,}_?\d{3}\)/)).to.deep.equal([]);
  });
});
