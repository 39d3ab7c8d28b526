import { expect } from "chai";
import fc from "fast-check";
import { x12Source } from "../../../bridge/sources/x12/source.ts";
import { streamSets, walkBytes } from "../../../bridge/sources/x12/stream.ts";
import { KNOWN, versionOf } from "../../../bridge/sources/x12/version.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { growth, LINEAR } from "../../growth.ts";
import { rounds } from "../../rounds.ts";
import { attempt, expectSound, messageOf, sampleNames } from "../golden.ts";
import { fixture, findingCodes, interchange, SAMPLE_ENDINGS } from "./samples.ts";

const SETTINGS = x12Source.settings.parse({});
const SAMPLES = sampleNames("x12", SAMPLE_ENDINGS).map(fixture);
/** The largest sample cut to some of its invoices, so that many mutations fit into a second. */
const SMALL = SAMPLES.map((sample) => sample.subarray(0, 6000));

const read = (body: Buffer): Reading | { refused: { code: string } } =>
  attempt(() => x12Source.read(messageOf(body), SETTINGS));

/** What is kept of a message: its facts and findings, and why it was refused or set aside. */
function kept(body: Buffer): Reading & { error?: MilepostError } {
  const whole: Reading = { facts: [], findings: [] };
  try {
    for (const part of x12Source.readParts?.(messageOf(body), SETTINGS) ?? []) {
      whole.facts.push(...part.facts);
      whole.findings.push(...part.findings);
    }
    return whole;
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    return { ...whole, error };
  }
}

/** Paths of the transaction sets that the envelope holds, but for those that wait in quarantine. */
function setPaths(body: Buffer, quarantined = false): string[] {
  const paths: string[] = [];
  walkBytes(body, {
    set: ({ path, group }) => {
      const version = versionOf(group)?.text ?? "004010";
      if (!quarantined || KNOWN.knows(version) || group.functionalId === "FA") paths.push(path);
    },
    groupEnd: () => {},
    interchangeAck: () => {},
    trouble: () => {},
  });
  return paths;
}

/**
 * Every transaction set must have become facts or findings, or wait in quarantine with its file;
 * bytes that hold none are refused.
 */
function expectNoSilence(body: Buffer): void {
  const { error, ...reading } = kept(body);
  if (error?.retry === "never") {
    expect(setPaths(body)).to.deep.equal([]);
    return;
  }
  if (error === undefined) expectSound(reading);
  const spoken = [
    ...reading.facts.map(({ fact }) => fact.message_path ?? ""),
    ...reading.findings.map(({ path }) => path),
  ];
  const silent = setPaths(body, error?.retry === "quarantine").filter(
    (set) => !spoken.some((path) => path === set || path.startsWith(`${set}/`)),
  );
  expect(silent).to.deep.equal([]);
}

interface Mutation {
  kind: "cut" | "double" | "insert" | "flip" | "swap";
  at: number;
  length: number;
  bytes: Uint8Array;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("cut", "double", "insert", "flip", "swap"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 200 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 20 }),
    fc
      .constantFrom("~", "*", "\n", "ST*214*1~", "SE*1*1~", "ISA*", "LX*1~", "AT7*", "\u0000")
      .map((text) => new TextEncoder().encode(text)),
  ),
});

function mutate(sample: Buffer, { kind, at, length, bytes }: Mutation): Buffer {
  const start = Math.floor(at * sample.length);
  const [head, piece, tail] = [
    sample.subarray(0, start),
    sample.subarray(start, start + length),
    sample.subarray(start + length),
  ];
  if (kind === "cut") return Buffer.concat([head, tail]);
  if (kind === "double") return Buffer.concat([head, piece, piece, tail]);
  if (kind === "insert") return Buffer.concat([head, bytes, piece, tail]);
  if (kind === "flip")
    return Buffer.concat([head, bytes.subarray(0, 1), sample.subarray(start + 1)]);
  return Buffer.concat([tail, piece, head]);
}

describe("x12: any bytes", () => {
  it("law: a mutated sample is read or refused, and no set of it is silent", () => {
    const mutated = fc
      .tuple(fc.constantFrom(...SMALL), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([sample, mutations]) => mutations.reduce(mutate, sample));
    fc.assert(fc.property(mutated, expectNoSilence), { numRuns: rounds(400) });
  }).timeout(120_000);

  it("law: segments in any order and with any elements are read or refused", () => {
    const ids =
      "B10 B3 B4 B1 B2 B2A LX AT7 MS1 MS2 L11 N1 N3 N4 N9 Q7 AT8 CD3 K1 L1 L3 C3 G62 S5 R4 DTM V9 AK1 AK2 AK5 AK9 N7";
    const value = fc.oneof(
      fc.constantFrom(
        "",
        "X1",
        "D1",
        "AA",
        "20260711",
        "0800",
        "LT",
        "ES",
        "QN",
        "DO",
        "1",
        "-5",
        "1.5",
        "00",
        "A",
        "UN",
        "DEHAM",
        "140",
      ),
      fc.string({ maxLength: 12 }),
    );
    const segment = fc
      .tuple(fc.constantFrom(...ids.split(" ")), fc.array(value, { maxLength: 12 }))
      .map(([id, values]) => [id, ...values].join("*"));
    const message = fc
      .tuple(
        fc.constantFrom("214", "210", "204", "990", "997", "315", "999"),
        fc.array(fc.array(segment, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      )
      .map(([type, sets]) => Buffer.from(interchange(type, sets)));
    fc.assert(fc.property(message, expectNoSilence), { numRuns: rounds(600) });
  }).timeout(120_000);

  it("law: parts of a file together are the whole", () => {
    for (const sample of SAMPLES) {
      const many = Buffer.concat(Array.from({ length: 4 }, () => sample));
      const parts = [...(x12Source.readParts?.(messageOf(many), SETTINGS) ?? [])];
      const whole = x12Source.read(messageOf(many), SETTINGS);
      expect(parts.flatMap(({ facts }) => facts)).to.deep.equal(whole.facts);
      expect(parts.flatMap(({ findings }) => findings)).to.deep.equal(whole.findings);
      expect(parts.at(-1)?.replies).to.deep.equal(whole.replies);
    }
  }).timeout(120_000);

  it("codes that every object has by birth are unknown codes like others", () => {
    const births = ["toString", "valueOf", "__proto__"];
    for (const code of births) {
      for (const [type, segments] of [
        [
          "214",
          ["B10*P*S*C", `L11*A*${code}`, "LX*1", `AT7*${code}****20260710*0800*UT`, `Q7*${code}`],
        ],
        ["214", ["B10*P*S*C", "LX*1", `AT7***${code}**20260710*0800*UT`]],
        ["210", [`B3**I*S*PP**20260710*1*${code}`, `L1*1***1****${code}`, "L3*****1"]],
        ["204", ["B2**SCAC**L", "B2A*00", `S5*1*${code}`, `G62*${code}*20260710*${code}*0800*UT`]],
        ["315", [`B4***${code}*20260711*0800**MSKU*123456*L`]],
        ["990", [`B1*SCAC*S*20260711*${code}`, `N9*${code}*X`]],
        [code, ["B10*P*S*C"]],
      ] as const) {
        const body = Buffer.from(interchange(type, [segments]));
        expectNoSilence(body);
        expect(JSON.stringify(read(body)), segments.join("~")).to.match(/unmapped|unsupported/);
      }
    }
  });

  it("gives a long file in parts that are each small", () => {
    const sets = Array.from({ length: 3000 }, (_, n) => [
      `B10*P${n}*S${n}*SCAC`,
      "LX*1",
      "AT7*D1*NS***20260710*0800*UT",
    ]);
    const parts = [...(x12Source.readParts?.(messageOf(interchange("214", sets)), SETTINGS) ?? [])];
    expect(parts.length).to.be.greaterThan(2);
    expect(Math.max(...parts.map(({ facts }) => facts.length))).to.be.lessThan(2000);
  }).timeout(120_000);

  it("reads a stream set by set as it reads the file", async () => {
    const sample = fixture("canadapost_214_batch.txt");
    async function* chunks() {
      for (let at = 0; at < sample.length; at += 100) yield sample.subarray(at, at + 100);
    }
    const paths: string[] = [];
    for await (const item of streamSets(chunks())) if ("set" in item) paths.push(item.set.path);
    expect(paths).to.deep.equal(setPaths(sample));
  });
});

describe("x12: bombs", () => {
  const big = (type: string, head: readonly string[], segment: string, count: number) =>
    Buffer.from(interchange(type, [[...head, ...Array.from({ length: count }, () => segment)]]));

  it("10 MB in one segment cost what their length costs and end as a finding", () => {
    const long = (size: number) =>
      Buffer.from(
        interchange("214", [
          ["B10*P*S*C", `K1*${"x".repeat(size)}`, "LX*1", "AT7*D1*NS***20260710*0800*UT"],
        ]),
      );
    const reading = read(long(10_000_000));
    expect(reading).to.have.property("facts").with.lengthOf(1);
    expect(findingCodes(reading as Reading)).to.include("segment_too_long");
    expect(growth(long, read, 2_500_000)).to.be.below(LINEAR);
  }).timeout(120_000);

  it("a set of more segments than the limit is quarantined with its path", () => {
    const reading = read(big("214", ["B10*P*S*C"], "L11*A*BM", 200_001));
    expect(findingCodes(reading as Reading)).to.deep.equal(["set_too_long"]);
    expect((reading as Reading).replies?.[0]?.body.toString()).to.include("AK5*R");
  }).timeout(120_000);

  it("a loop of more repetitions than the limit is quarantined", () => {
    const reading = read(big("214", ["B10*P*S*C"], "LX*1", 60_000));
    expect(findingCodes(reading as Reading)).to.deep.equal(["set_too_long"]);
  }).timeout(120_000);

  /** Repeating what readers could look up for each other must not cost the square. */
  const CROSSES: ReadonlyArray<readonly [string, string, readonly string[], readonly string[]]> = [
    ["references and packages", "214", ["L11*A*BM"], ["CD3*L*1"]],
    ["parties and statuses", "214", ["N1*BT*X"], ["AT7*X6*NS***20020148*0800*UT"]],
    ["exceptions and outcomes", "214", ["Q7*A*CTN*1"], ["AT7*D1*NS***20020148*0800*UT"]],
    ["stops and their dates", "204", ["B2A*00", "S5*1*CL"], ["S5*1*CL", "G62*10*20260710"]],
    ["verdicts", "997", ["AK1*QM*1", "AK2*214*1"], ["AK5*R", "AK3*X*1"]],
    ["ports and dates", "315", ["R4*L*UN*DEHAM"], ["DTM*140*20020148"]],
  ];
  for (const [what, type, first, second] of CROSSES) {
    it(`${what}, ten thousands of both, take linear time`, () => {
      const head =
        type === "214"
          ? ["B10*P*S*C", "LX*1"]
          : type === "204"
            ? ["B2**SCAC**L"]
            : ["B4***VA*20260711*0800**MSKU*123456*L"];
      const crossed = (count: number) => {
        const repeat = (segments: readonly string[]) =>
          Array.from({ length: count }, () => segments).flat();
        return Buffer.from(interchange(type, [[...head, ...repeat(first), ...repeat(second)]]));
      };
      expect(growth(crossed, read, 10_000)).to.be.below(LINEAR);
    }).timeout(120_000);
  }
});
