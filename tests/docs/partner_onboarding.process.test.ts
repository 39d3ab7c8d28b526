import { expect } from "chai";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { type Block, blocksOf, ROOT, Tutorial } from "./tutorial.ts";

const blocks = blocksOf(readFileSync(join(ROOT, "docs/partner_onboarding.md"), "utf8"));
const isChange = ({ text }: Block) => text.includes("samples/harborline/schema_3.json");

describe("the tutorial of onboarding a partner", function () {
  this.timeout(400_000);
  let tutorial: Tutorial;

  before(async () => {
    tutorial = await Tutorial.open(["harborline", "crossfreight"], (partner) => ({
      HARBORLINE_WEBHOOK_SECRET: "harbor-secret",
      CROSSFREIGHT_TOKEN: "cross-token",
      MILEPOST_CONNECTIONS__CROSSFREIGHT__PEER__BASE_URL: `http://127.0.0.1:${partner}`,
      MILEPOST_CONNECTIONS__CROSSFREIGHT__POLL__INTERVAL_SECONDS: "0.2",
      MILEPOST_CONNECTIONS__CROSSFREIGHT__POLL__MAX_INTERVAL_SECONDS: "0.2",
    }));
    const samples = join(tutorial.directory, "samples");
    cpSync(join(ROOT, "tests/fixtures/mapped"), samples, { recursive: true });
  });
  after(() => tutorial.close());

  it("shows the files that are shipped", () => {
    for (const name of ["harborline", "crossfreight"]) {
      const shown = blocks.find((it) => it.file === `partners/${name}.yaml`);
      const shipped = readFileSync(join(ROOT, "deploy/partners", `${name}.yaml`), "utf8");
      expect(shown?.text).to.equal(shipped);
    }
  });

  it("does what it says, from a sample to facts in Odoo", async () => {
    expect(blocks.filter((it) => it.kind === "console")).to.have.length.greaterThan(5);
    // The first facts are there before the page changes the mapping.
    const [before, after] = [blocks.findIndex(isChange), blocks.length];
    await tutorial.run(blocks.slice(0, before), () => Promise.resolve());
    await expectFirstFacts();
    await tutorial.run(blocks.slice(before, after), () => Promise.resolve());
    await waitUntil(
      "the released message",
      () => told("harborline").includes("mapped:harborline@2 picked_up"),
      30_000,
    );
  });

  const told = (connection: string) => [
    ...new Set(
      tutorial.odoo.batches
        .filter((batch) => batch.connection === connection)
        .flatMap((batch) =>
          batch.facts.map((fact) => {
            const mapping = batch.messages.find((it) => it.id === fact.message)?.mapping ?? "";
            return `${mapping} ${whatOf(fact)}`;
          }),
        ),
    ),
  ];

  async function expectFirstFacts(): Promise<void> {
    await waitUntil("harborline's facts", () => told("harborline").length === 2, 60_000);
    expect(told("harborline")).to.have.members([
      "mapped:harborline@1 picked_up",
      "mapped:harborline@1 withdraws te-1",
    ]);
    await waitUntil("crossfreight's facts", () => odooFacts("crossfreight").length === 7, 90_000);
    const departures = odooFacts("crossfreight").filter((it) => whatOf(it) === "picked_up");
    expect(departures).to.have.length(2);
    const withdrawn = odooFacts("crossfreight").flatMap((it) =>
      it.kind === "retraction" && "key" in it.target ? [it.target.key] : [],
    );
    const versions = departures.toSorted((a, b) =>
      (a.version ?? "") < (b.version ?? "") ? -1 : 1,
    );
    expect(withdrawn).to.deep.equal([versions[0]?.key]);
  }

  const odooFacts = (connection: string): Fact[] => [
    ...new Map(
      tutorial.odoo.batches
        .filter((batch) => batch.connection === connection)
        .flatMap((batch) => batch.facts.map((fact) => [fact.key, fact] as const)),
    ).values(),
  ];
});

function whatOf(fact: Fact): string {
  if (fact.kind === "milestone") return fact.code ?? "unmapped";
  if (fact.kind !== "retraction") return fact.kind;
  return "source_event" in fact.target
    ? `withdraws ${fact.target.source_event}`
    : "withdraws a key";
}
