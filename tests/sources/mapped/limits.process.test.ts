import { expect } from "chai";
import { MilepostError } from "../../../bridge/errors.ts";
import { message, partner, read, tree } from "./mapped_kit.ts";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import { parsePartner } from "../../../bridge/sources/mapped/partner_file.ts";
import { stringify } from "yaml";

const good = { load: "L1", code: "DEL", at: "2026-11-23T08:00:00Z" };
const fact = (more: Record<string, unknown>) => ({
  facts: [{ kind: "milestone", code: "code", occurred: "at", ...more }],
});

async function faultOf(work: Promise<unknown>): Promise<MilepostError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(MilepostError);
  return error as MilepostError;
}

/** Beats while the work goes on; the longest pause between two beats, in milliseconds. */
async function longestPause(work: Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work.catch(() => undefined);
  clearInterval(timer);
  return longest;
}

describe("expressions of a partner's file", function () {
  this.timeout(60_000);

  it("are ended by the clock when a regular expression never ends, and the bridge goes on", async () => {
    const bomb = partner({
      ...fact({ text: "$match(note, /^(a+)+$/).match" }),
      limits: { seconds: 0.3 },
    });
    await read(good, bomb);
    const note = `${"a".repeat(60)}!`;
    const work = read({ ...good, note }, bomb);
    const pause = await longestPause(work);
    const fault = await faultOf(work);
    expect(fault).to.include({ code: "mapping_timeout", retry: "never" });
    expect(fault.hint).to.include("limits.seconds");
    expect(pause).to.be.lessThan(250);
    expect((await read(good, bomb)).facts).to.have.length(1);
  });

  it("are ended when they loop without end", async () => {
    const endless = partner({
      ...fact({ text: "($f := function($x){$f($x)}; $f(1))" }),
      limits: { seconds: 0.3 },
    });
    expect((await faultOf(read(good, endless))).code).to.equal("mapping_timeout");
  });

  it("end in an error when they fill the memory, and the bridge lives", async () => {
    const bomb = partner({
      ...fact({ text: "$count([1..9000000].{'a': [$, $, $], 'b': $string($)})" }),
      limits: { seconds: 30, memory_mb: 32 },
    });
    const fault = await faultOf(read(good, bomb));
    expect(fault).to.include({ code: "mapping_memory", retry: "never" });
    expect((await read(good)).facts).to.have.length(1);
  });

  it("cannot make more facts than a message may have", async () => {
    const many = partner({
      ...fact({ each: "[1..60000]", code: '"DEL"', occurred: '"2026-11-23"' }),
      limits: { seconds: 30 },
    });
    const fault = await faultOf(read(good, many));
    expect(fault.code).to.equal("mapping_too_much");
  });

  it("reach nothing of the program around them", async () => {
    for (const text of [
      '("".constructor.constructor("return process"))()',
      "$string.constructor",
      "$lookup($, '__proto__').constructor",
      "constructor.constructor",
    ]) {
      const { facts } = await read(good, partner(fact({ text })));
      expect(facts[0]!.fact, text).not.to.have.property("raw_text");
    }
  });

  for (const name of ["eval", "now", "millis", "random", "shuffle"]) {
    it(`may not call $${name}`, () => {
      const text = stringify(tree(fact({ text: `$${name}(code)` })));
      expect(() => parsePartner(text, "acme.yaml"))
        .to.throw(MilepostError, `$${name} is not allowed`)
        .with.property("path", "facts/0/text");
    });
  }

  it("may not call a forbidden function under a name that is put together", async () => {
    const { facts, findings } = await read(
      good,
      partner(fact({ text: "($e := $lookup({}, 'x'); $e ? $e('1') : 'none')" })),
    );
    expect(facts[0]!.fact).to.include({ raw_text: "none" });
    expect(findings).to.deep.equal([]);
  });

  for (const [what, amount] of [
    ["$number", "$number(total)"],
    ["a sum of floats", "$sum(lines.amount)"],
    ["arithmetic", "total * 0.01"],
  ] as const) {
    it(`may not make money with ${what}`, () => {
      const charge = { kind: "charge", side: "cost", code: "code", amount, currency: "USD" };
      expect(() => parsePartner(stringify(tree({ facts: [charge] })), "acme.yaml"))
        .to.throw(MilepostError, "makes a float of a decimal")
        .with.property("path", "facts/0/amount");
    });
  }
});

function check(body: string, more: Record<string, unknown> = {}): void {
  mappedSource.check(message(body), partner(more));
}

describe("a message of a partner without code", function () {
  this.timeout(20_000);
  it("is refused at the door when it is nested deeper than 64 levels", () => {
    const deep = "[".repeat(65) + "]".repeat(65);
    expect(() => check(deep))
      .to.throw(MilepostError)
      .with.property("code", "too_deep");
  });

  it("is refused at the door when a key would alter a prototype", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      expect(() => check(`{"load":{"${key}":{"x":1}}}`))
        .to.throw(MilepostError)
        .with.property("code", "forbidden_key");
    }
  });

  it("is refused at the door when it is XML with a DOCTYPE, however it is written", async () => {
    const bomb = '<?xml version="1.0"?><!doctype a [<!ENTITY b "bbbb">]><a>&b;</a>';
    expect(() => check(bomb, { format: "xml" }))
      .to.throw(MilepostError)
      .with.property("code", "xml_doctype");
    expect((await faultOf(read(bomb, partner({ format: "xml" })))).code).to.equal("xml_doctype");
  });

  it("keeps numbers with more digits than a float holds", async () => {
    const money = partner({
      authority: { billing: ["charge"] },
      facts: [{ kind: "charge", side: "cost", code: "code", amount: "total", currency: "USD" }],
    });
    const { facts } = await read('{"load":"L1","code":"FSC","total":123456789012.345678}', money);
    expect(facts[0]!.fact).to.include({ amount: "123456789012.345678" });
  });
});
