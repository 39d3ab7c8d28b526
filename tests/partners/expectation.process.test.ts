import { expect } from "chai";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../bridge/errors.ts";
import { judge, keep } from "../../bridge/partners/expectation.ts";
import { loadPartner, parsePartner } from "../../bridge/partners/partner.ts";
import { readSamples } from "../../bridge/partners/samples.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { FIXTURES, ROOT } from "../sources/mapped/mapped_kit.ts";

const file = join(ROOT, "deploy/partners/harborline.yaml");

describe("kept samples of a partner", function () {
  this.timeout(60_000);
  let folder: string;
  const partner = loadPartner(file);
  const samples = (at = new Date("2026-11-23T08:00:00Z")) => readSamples(folder, at);
  const statuses = async (of = partner) =>
    (await Promise.all(samples().map((it) => judge(it, of)))).map((it) => it.status);

  beforeEach(() => {
    folder = temporaryDirectory();
    for (const name of ["full_out.json", "schema_3.json", "unknown_event.json"])
      cpSync(join(FIXTURES, "harborline", name), join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("pass once a person keeps what they give, on any later day", async () => {
    expect(await statuses()).to.deep.equal(["new", "new", "new"]);
    for (const sample of samples()) await keep(sample, partner);
    expect(samples()).to.have.length(3);
    const later = samples(new Date("2027-05-01T00:00:00Z"));
    const judged = await Promise.all(later.map((it) => judge(it, partner)));
    expect(judged.map((it) => it.status)).to.deep.equal(["passed", "passed", "passed"]);
  });

  it("fail with the member that a changed mapping reads otherwise, a new refusal or finding", async () => {
    for (const sample of samples()) await keep(sample, partner);
    const text = readFileSync(file, "utf8")
      .replace("container.transport.full_out: picked_up", "container.transport.full_out: loaded")
      .replace('known: ["2"]', 'known: ["2", "3"]');
    const changed = parsePartner(text, "changed");
    const [full, version, unknown] = await Promise.all(samples().map((it) => judge(it, changed)));
    expect(full?.changes.map(({ kind, members }) => [kind, members])).to.deep.equal([
      ["changed", ["code"]],
    ]);
    expect(version?.status).to.equal("failed");
    expect(version?.remarks).to.include("refused: expected unknown_version, got no");
    expect(unknown?.status).to.equal("passed");
  });

  it("say which file is no expectation", async () => {
    writeFileSync(join(folder, "full_out.json.facts.json"), "{}");
    const [first] = samples();
    const error: unknown = await judge(first!, partner).catch((it: unknown) => it);
    expect(error).to.be.instanceOf(MilepostError).with.property("code", "expectation_invalid");
  });
});
