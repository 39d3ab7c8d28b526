import { expect } from "chai";
import fc from "fast-check";
import { join } from "node:path";
import { MilepostError } from "../../../bridge/errors.ts";
import { loadPartner } from "../../../bridge/sources/mapped/partner_file.ts";
import { rounds } from "../../rounds.ts";
import { expectSound } from "../golden.ts";
import { partner, read, ROOT, sampleOf } from "./mapped_kit.ts";

const harborline = loadPartner(join(ROOT, "deploy/partners/harborline.yaml"));
const sample = sampleOf("harborline", "full_out.json");

/** Something is said of every message: facts, findings, or a refusal that names its cause. */
async function expectNoSilence(body: string | Buffer, by = harborline): Promise<void> {
  try {
    expectSound(await read(body, by));
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    expect(error.code).not.to.equal("mapping_failed");
    expect(error.message).not.to.equal("");
  }
}

describe("whatever a partner sends", function () {
  this.timeout(120_000);

  it("is no crash, no hang and no silence when a sample is cut or overwritten anywhere", () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(sample.length - 1),
        fc.uint8Array({ maxLength: 6 }),
        fc.boolean(),
        async (at, bytes, cut) => {
          const rest = cut ? Buffer.alloc(0) : sample.subarray(at + bytes.length);
          await expectNoSilence(Buffer.concat([sample.subarray(0, at), bytes, rest]));
        },
      ),
      { numRuns: rounds(150) },
    ));

  it("is no crash, no hang and no silence when members have other types than expected", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record(
          { load: fc.jsonValue(), code: fc.jsonValue(), at: fc.jsonValue() },
          { requiredKeys: [] },
        ),
        (body) => expectNoSilence(JSON.stringify(body), small),
      ),
      { numRuns: rounds(200) },
    ));

  it("yields facts or findings for each record of a list", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            load: fc.constantFrom("L1", "", null),
            code: fc.constantFrom("DEL", "??", null, 7),
            at: fc.constantFrom("2026-11-23T08:00:00Z", "soon", null, "2026-02-30"),
          }),
          { minLength: 1, maxLength: 20 },
        ),
        async (records) => {
          const reading = await read(records, small);
          const said = new Set([
            ...reading.facts.map(({ fact }) => fact.message_path),
            ...reading.findings.map((it) => it.path),
          ]);
          for (const index of records.keys()) expect(said).to.include(`/${index}`);
        },
      ),
      { numRuns: rounds(80) },
    ));
});

const small = partner();
