import { expect } from "chai";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { interchange as edifact, read as readEdifact } from "../edifact/made.ts";
import { interchange as x12, readX12 } from "../x12/samples.ts";
import { message, sampleOf, shippedPartner } from "./mapped_kit.ts";

function readAdvice(file: string, change = (text: string) => text): Promise<Reading> {
  const body = change(sampleOf("peppol_receipt", file).toString());
  return mappedSource.read(
    { ...message(body), contentType: "application/xml" },
    shippedPartner("peppol_receipt"),
  );
}

function told({ facts }: Reading): string[] {
  return facts.flatMap(({ fact }) => {
    if (fact.kind === "retraction") return `withdraws ${JSON.stringify(fact.target)}`;
    if (fact.kind === "milestone")
      return [fact.code ?? fact.conditions?.join(), fact.occurred.at, fact.raw_text].join(" ");
    if (fact.kind !== "proof_of_delivery") return fact.kind;
    const counted = fact.quantities?.map((it) => `${it.quantity} ${it.goods} ${it.outcome}`) ?? [];
    const papers = fact.documents?.map((it) => `${it.name} ${it.media_type}`) ?? [];
    return [`proof ${fact.delivered?.at}`, ...counted, ...papers];
  });
}

const said = ({ findings }: Reading) => findings.map(({ severity, code }) => `${severity} ${code}`);

describe("the customer's receipt advice by Peppol", function () {
  this.timeout(60_000);

  it("is a proof by the receiver's clock of what was accepted, rejected, short and too many", async () => {
    const reading = await readAdvice("short_and_rejected.xml");
    expect(told(reading)).to.deep.equal([
      "proof 2026-11-23T13:30:00Z",
      "9 CHAIR accepted",
      "1 CHAIR refused",
      "2 CHAIR short",
      "4 TABLE accepted",
      "1 TABLE over",
    ]);
    expect(said(reading)).to.deep.equal([]);
    const [first] = reading.facts;
    expect(first?.fact.identifiers).to.deep.equal([
      { type: "delivery_order", value: "WH/OUT/00042" },
      { type: "po", value: "PO9" },
    ]);
  });

  it("in the access point's envelope is the same, and with photographs", async () => {
    const bare = await readAdvice("short_and_rejected.xml");
    const wrapped = await readAdvice("short_and_rejected.xml", (text) =>
      text
        .replace("<ReceiptAdvice ", "<StandardBusinessDocument><ReceiptAdvice ")
        .replace("</ReceiptAdvice>", "</ReceiptAdvice></StandardBusinessDocument>"),
    );
    expect(told(wrapped)).to.deep.equal(told(bare));
    expect(told(await readAdvice("photo.xml"))).to.deep.equal([
      ...told(bare),
      "damage.png image/png",
    ]);
  });

  it("without counts is a proof when all was accepted; claims are none, but tell each package", async () => {
    expect(told(await readAdvice("all_accepted.xml"))).to.deep.equal([
      "proof 2026-11-23T13:30:00Z",
    ]);
    expect(told(await readAdvice("claims_uncounted.xml"))).to.deep.equal([
      "damaged 2026-11-23T13:30:00Z Pallet broken",
      "lost 2026-11-23T13:30:00Z Pallet broken",
    ]);
    expect(told(await readAdvice("refused.xml"))).to.deep.equal([
      "refused 2026-11-23T13:30:00Z See lines",
    ]);
  });

  it("of the same number replaces the earlier one, and is withdrawn", async () => {
    const [first] = (await readAdvice("short_and_rejected.xml")).facts;
    const event = first?.fact.kind === "proof_of_delivery" ? first.fact.source_event : undefined;
    expect(event).to.equal("ReceiptAdvice|4012345000016|R7");
    expect(told(await readAdvice("withdrawn.xml"))).to.deep.equal([
      `withdraws {"source_event":"${event}"}`,
    ]);
  });

  it("of another receiver with the same number replaces nothing, milestones included", async () => {
    const eventsOf = async (file: string, receiver: string) => {
      const other = (text: string) => text.replaceAll("4012345000016", receiver);
      return (await readAdvice(file, other)).facts.map(({ fact }) =>
        "source_event" in fact ? fact.source_event : undefined,
      );
    };
    for (const file of ["refused.xml", "claims_uncounted.xml"]) {
      const [one, other] = [await eventsOf(file, "1111"), await eventsOf(file, "2222")];
      expect(
        one.every((it) => it?.includes("|1111|")),
        file,
      ).to.equal(true);
      expect(other).to.have.length(one.length);
      expect(new Set([...one, ...other]).size, file).to.equal(2 * one.length);
    }
  });

  it("that answers our despatch advice proves nothing", async () => {
    const reading = await readAdvice("despatch_advice_accepted.xml");
    expect(told(reading)).to.deep.equal([]);
    expect(said(reading)).to.deep.equal(["warning skipped_records"]);
  });

  it("that does not add up, or counts in another unit, is an error of that line", async () => {
    const reading = await readAdvice("does_not_add_up.xml");
    expect(told(reading)).to.deep.equal([
      "proof 2026-11-23T13:30:00Z",
      "5 CHAIR refused",
      "1 TABLE refused",
      "4 LAMP accepted",
    ]);
    expect(said(reading)).to.deep.equal(["error not_decimal", "error not_decimal"]);
  });

  it("of a version that is not known waits in quarantine", async () => {
    const other = (text: string) => text.replace("receipt_advice:1<", "receipt_advice:2<");
    const failure = await readAdvice("short_and_rejected.xml", other).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property("code", "unknown_version");
  });
});

/** What a proof says, without what only its standard says. */
function meaning({ facts, findings }: Reading) {
  expect(findings).to.deep.equal([]);
  const [first] = facts;
  expect(facts).to.have.length(1);
  if (first?.fact.kind !== "proof_of_delivery") throw new Error(first?.fact.kind ?? "no fact");
  const { fact, priority } = first;
  const { kind, stop, applies_to, quantities, identifiers } = fact;
  // X12 says that it means the local time, the others leave it to the address.
  const { zone_inferred: _inferred, ...delivered } = fact.delivered ?? {};
  const names = identifiers.map(({ type, value }) => `${type} ${value}`);
  return { kind, stop, applies_to, delivered, quantities, names, priority };
}

const PLACE = ["N1*ST*STORE", "N4*HAMBURG***DE"];

describe("one receipt, told by EDIFACT RECADV, X12 861 and Peppol", function () {
  this.timeout(60_000);

  it("is the same proof: when, where, and what became of each quantity", async () => {
    const ubl = meaning(
      await readAdvice("short_and_rejected.xml", (text) => text.replace("WH/OUT/00042", "TR42")),
    );
    const recadv = meaning(
      readEdifact(
        edifact(
          ...(["RECADV:D:96A:UN", "BGM+632+R7+9", "DTM+50:20261123143000:204"] as const),
          ...["RFF+AAK:TR42", "RFF+ON:PO9", "NAD+DP+++Store++Hamburg+++DE"],
          ...["LIN+1++CHAIR:IN", "IMD+F++:::Chair", "QTY+12:12:EA", "QTY+48:10:EA"],
          ...["QTY+195:1:EA", "QTY+119:2:EA"],
          ...["LIN+2++TABLE:IN", "IMD+F++:::Table", "QTY+48:5:EA", "QTY+121:1:EA"],
        ),
      ),
    );
    const s861 = meaning(
      readX12(
        x12(
          "861",
          [
            [
              ...["BRA*R7*20261124*00*1", "REF*DO*TR42", "PRF*PO9", "DTM*050*20261123*143000*LT"],
              ...PLACE,
              ...["RCD*1*10*EA*1*EA*2*EA*02", "SN1*1*12*EA", "LIN*1*BP*B-1*VN*CHAIR"],
              ...["PID*F****Chair", "RCD*2*5*EA***1*EA*03", "LIN*2*VN*TABLE", "PID*F****Table"],
            ],
          ],
          { functionalId: "RC" },
        ),
      ),
    );
    expect(recadv).to.deep.equal(ubl);
    expect(s861).to.deep.equal(ubl);
    expect(ubl.quantities).to.have.length(5);
  });

  it("counts what was refused of the shipped quantity once, in whichever way it is counted", () => {
    const lines = (segment: string) =>
      meaning(
        readX12(
          x12("861", [["BRA*R7*20261124", ...PLACE, "REF*DO*TR42", segment, "SN1*1*10*EA"]], {
            functionalId: "RC",
          }),
        ),
      ).quantities?.map((it) => `${it.quantity} ${it.outcome}`);
    expect(lines("RCD*1*10*EA*2*EA")).to.deep.equal(["8 accepted", "2 refused"]);
    expect(lines("RCD*1*8*EA*2*EA")).to.deep.equal(["8 accepted", "2 refused"]);
  });
});
