import { expect } from "chai";
import fc from "fast-check";
import { contentTypeOf } from "../../../bridge/intake/folder/content_type.ts";
import {
  claimName,
  fitsPattern,
  isUnfinished,
  keptName,
  nameFault,
  parseClaim,
} from "../../../bridge/intake/folder/file_names.ts";
import { Settling } from "../../../bridge/intake/folder/settling.ts";
import { growth, LINEAR } from "../../growth.ts";

describe("names in a shared folder", () => {
  it("give a claimed file its name back, whatever it is", () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        name,
        fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 }),
        (it, at) => {
          const claim = { owner: "0123abcd", at, name: it };
          expect(parseClaim(claimName(claim))).to.deep.equal(claim);
        },
      ),
    );
    expect(parseClaim(".milepost-nobody")).to.equal(undefined);
  });

  it("tell what is still being written", () => {
    for (const name of [".hidden", "a.edi.tmp", "a.PART", "a.filepart", "a~"])
      expect(isUnfinished(name), name).to.equal(true);
    for (const name of ["a.edi", "tmp", "part.txt"])
      expect(isUnfinished(name), name).to.equal(false);
  });

  it("are refused when they are paths or unprintable", () => {
    for (const name of ["../etc/passwd", "a/b", "a\\b", "a\0b", "a\nb", "..", "x".repeat(201)])
      expect(nameFault(name), name).to.be.a("string");
    expect(nameFault("Ünïcode file (1).edi")).to.equal(undefined);
  });

  it("fit patterns, in linear time", () => {
    expect(fitsPattern("IFTSTA_1.edi", "iftsta*.EDI")).to.equal(true);
    expect(fitsPattern("a.xml", "*.edi")).to.equal(false);
    expect(fitsPattern("a1", "a?")).to.equal(true);
    expect(fitsPattern("a", "a?")).to.equal(false);
    expect(fitsPattern("", "*")).to.equal(true);
    const stars = `${"*a".repeat(45)}*b`;
    expect(fitsPattern("a".repeat(200), stars)).to.equal(false);
    const cost = growth(
      (size) => "a".repeat(size),
      (name) => fitsPattern(name, stars),
      250_000,
    );
    expect(cost).to.be.below(LINEAR);
  });

  it("never leave the folder when they are kept", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const kept = keptName(name, new Date(0), "0".repeat(64));
        expect(kept).to.match(/^19700101T000000Z-00000000-[^/\\\0]*$/s);
      }),
    );
  });
});

describe("a file's content type", () => {
  it("is told by its beginning, else by its ending", () => {
    const of = (name: string, text: string) => contentTypeOf(name, Buffer.from(text));
    expect(of("a.txt", "\ufeff UNA:+.? '")).to.equal("application/edifact");
    expect(of("a.txt", "ISA*00*")).to.equal("application/edi-x12");
    expect(of("a.txt", ' [{"a":1}]')).to.equal("application/json");
    expect(of("a.txt", "<a/>")).to.equal("application/xml");
    expect(of("a.CSV", "a;b")).to.equal("text/csv");
    expect(of("a", "a;b")).to.equal("application/octet-stream");
  });
});

describe("settling", () => {
  const entry = (name: string, size: number, modified = 1) => ({
    name,
    kind: "file" as const,
    size,
    modified,
  });
  const names = (settling: Settling, entries: ReturnType<typeof entry>[], now: number) =>
    settling.settled(entries, now).map((it) => it.name);

  it("waits until neither size nor time changed for long enough", () => {
    const settling = new Settling(1000);
    expect(names(settling, [entry("a", 1)], 0)).to.deep.equal([]);
    expect(names(settling, [entry("a", 2)], 900)).to.deep.equal([]);
    expect(names(settling, [entry("a", 2, 5)], 1800)).to.deep.equal([]);
    expect(names(settling, [entry("a", 2, 5)], 2799)).to.deep.equal([]);
    expect(names(settling, [entry("a", 2, 5)], 2800)).to.deep.equal(["a"]);
  });

  it("starts anew for a file that went away and came back, and waits longer for an empty one", () => {
    const settling = new Settling(1000);
    names(settling, [entry("a", 1), entry("empty", 0)], 0);
    names(settling, [entry("empty", 0)], 500);
    expect(names(settling, [entry("a", 1), entry("empty", 0)], 2000)).to.deep.equal([]);
    expect(names(settling, [entry("empty", 0)], 12_000)).to.deep.equal(["empty"]);
  });
});
