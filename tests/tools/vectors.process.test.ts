import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeFile, type Judged } from "../../tools/vectors/judge.ts";
import { recognise } from "../../tools/vectors/recognise.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FIXTURES = join(ROOT, "tests", "fixtures");

interface Answer {
  code: number | null;
  files: Judged[];
  empty: number;
  wrong: number;
}

function vectors(...paths: string[]): Answer {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "tools/vectors/main.ts"), "--json", ...paths],
    { encoding: "utf8", cwd: ROOT, maxBuffer: 64_000_000 },
  );
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (line === "") throw new Error(stderr);
  return { code: status, ...(JSON.parse(line) as Omit<Answer, "code">) };
}

describe("npm run vectors", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "milepost-vectors-"))));
  after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it("reads every sample as the source of its folder, none as nothing", () => {
    // A partner's own files are read by its mapping, which the partner command tries.
    const ids = readdirSync(FIXTURES).filter((it) => it !== "mapped");
    const { code, files, empty } = vectors(...ids.map((id) => join(FIXTURES, id)));
    expect(files.filter((it) => it.wrong.length > 0)).to.deep.equal([]);
    expect({ code, empty }).to.deep.equal({ code: 0, empty: 0 });
    for (const { path, format, messages } of files) {
      const id = /fixtures\/([^/]+)\//.exec(path)?.[1];
      if (format === "not a message") continue;
      expect(format, path).to.equal(id);
      expect(messages, path).to.be.greaterThan(0);
    }
    for (const id of ids)
      expect(
        files.some((it) => it.format === id),
        id,
      ).to.equal(true);
  });

  it("counts messages as their envelopes do, facts by kind, and checks the money", () => {
    const { files } = vectors(join(FIXTURES, "x12"), join(FIXTURES, "edifact"));
    const of = (name: string) => files.find((it) => it.path.endsWith(`/${name}`));
    expect(of("canadapost_214_batch.txt")).to.deep.include({ format: "x12", messages: 19 });
    expect(of("ups_210_batch.txt")).to.deep.include({ messages: 5, money_ok: true });
    expect(of("ups_210_batch.txt")?.facts).to.deep.equal({ carrier_invoice: 5 });
    expect(of("made_iftsta_functions.edi")).to.deep.include({ envelopes: 1, messages: 5 });
    expect(of("made_iftsta_placements.edi")?.unmapped).to.deep.equal({ Q9: 1 });
  });

  it("judges conformance messages as their names say, with the place of the fault", () => {
    const { files } = vectors(join(FIXTURES, "dcsa"));
    const wrong = files.filter((it) => /wrong-/.test(it.path) && it.format === "dcsa");
    expect(wrong).to.have.length(4);
    for (const { refused } of wrong) expect(refused).to.match(/ at \/\d/);
  });

  it("ends with 65 when a name promises what the file does not keep", () => {
    const dcsa = readFileSync(join(FIXTURES, "dcsa", "tnt-220-response.json"));
    const right = put("tnt-220-response-wrong-nothing.json", dcsa);
    const answer = vectors(right);
    expect(answer.code).to.equal(65);
    expect(answer.files[0]?.wrong).to.deep.equal(["is named wrong and was not refused"]);
  });

  it("ends with 65 on what nobody knows, on a refusal, and on money that is off", () => {
    const unknown = vectors(put("a.json", '{"hello":1}')).files[0];
    expect(unknown).to.deep.include({ format: "unknown", wrong: ["not recognised"] });
    expect(vectors(put("b.edi", "UNB+UNOC:3+A+B+1:1+1'UNZ+0+1'")).code).to.equal(65);
    const invoice = readFileSync(join(FIXTURES, "edifact", "staedi_invoic_d97b_una.edi"), "utf8");
    const off = vectors(put("c.edi", invoice.replace("39=2137.58", "39=2137.59")));
    expect(off.files[0]).to.deep.include({ money_ok: false, wrong: ["amounts do not add up"] });
  });

  it("tells documents from messages, with the reason", () => {
    const paths = [put("spec.yaml", "openapi: 3.0.0"), put("d.json", '{"openapi":"3.1.0"}')];
    const { code, files } = vectors(...paths);
    expect(code).to.equal(0);
    expect(files.map((it) => it.reason)).to.deep.equal([
      "a document or a description",
      "an API description (OpenAPI)",
    ]);
  });

  it("makes a reader that breaks the error of its file", () => {
    const readers = {
      recognise,
      countEnvelopes: () => {
        throw new SyntaxError("Invalid regular expression");
      },
    };
    const judged = judgeFile("a.edi", Buffer.from("UNB+UNOC:3"), new Date(), readers);
    const text = "the reading failed: SyntaxError: Invalid regular expression";
    expect(judged).to.deep.include({ format: "edifact", errors: [text], wrong: [text] });
  });
});
