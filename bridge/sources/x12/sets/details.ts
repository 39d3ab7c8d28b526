/** The loops of a 214: what its header says of the shipment, and one detail per LX. */
import { type Party, readParty, readPosition } from "../geography.ts";
import type { ZonedPlace } from "../../shared/reading/places.ts";
import type { SetContext } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";

/** One AT7 with the MS1 and MS2 behind it. */
export interface Status {
  /** Index of its AT7. */
  index: number;
  position?: ZonedPlace;
  /** Index of its MS2. */
  equipment?: number;
}

/** What one LX (or package, CD3) says. Without LX the whole set is one detail. */
export interface Detail {
  statuses: Status[];
  references: Named[];
  /** QN, DO and CN of this detail: which stop or consignment of the load it is about. */
  own: string[];
  stopNumber?: number;
  /** Indexes of its Q7 and AT8. */
  exceptions: number[];
  weights: number[];
  parties: Party[];
  remarks: string[];
  signer?: string;
}

export interface Header {
  references: Named[];
  parties: Party[];
  remarks: string[];
  signer?: string;
}

/** A fact holds 40 names and 512 characters of text; packages copy what their line says, parties too. */
const MAX_REFERENCES = 80;
const MAX_REMARKS = 40;
const MAX_PARTIES = 40;

const OWN = new Set(["QN", "DO", "CN"]);

const newDetail = (base?: Detail): Detail => ({
  statuses: [],
  references: [...(base?.references ?? [])],
  own: [...(base?.own ?? [])],
  exceptions: [],
  weights: [],
  parties: [...(base?.parties ?? [])],
  remarks: [...(base?.remarks ?? [])],
  ...(base?.stopNumber !== undefined && { stopNumber: base.stopNumber }),
  ...(base?.signer !== undefined && { signer: base.signer }),
});

/** Reads the segments of a 214 in their order. */
export function readDetails(context: SetContext): { header: Header; details: Detail[] } {
  const header: Header = { references: [], parties: [], remarks: [] };
  const details: Detail[] = [];
  let line: Detail | undefined;
  let detail: Detail | undefined;
  const open = (next: Detail): Detail => {
    details.push(next);
    return next;
  };
  for (let index = 1; index < context.segments.length; index += 1) {
    const id = context.segments[index]?.id;
    if (id === "LX") line = detail = open(newDetail());
    // A package inside the line: what the line says holds for it, too.
    else if (id === "CD3") detail = open(newDetail(line));
    else if (id === "AT7") (detail ??= open(newDetail())).statuses.push({ index });
    else if (id === "MS1" || id === "MS2") addToStatus(context, detail, index, id);
    else if (id === "L11") addReference(context, detail ?? header, index);
    else if (id === "N1") addParty(context, detail ?? header, index);
    else if (id === "NM1") addPerson(context, detail ?? header, index);
    else if (id === "MAN" || id === "OID" || id === "PRF" || id === "M7") {
      addNames(detail ?? header, namesAt(context, index));
    } else if (id === "K1") addRemark(context, detail ?? header, index);
    else if (id === "Q7") (detail ??= open(newDetail())).exceptions.push(index);
    else if (id === "AT8") detail?.weights.push(index);
  }
  return { header, details };
}

function addToStatus(
  context: SetContext,
  detail: Detail | undefined,
  index: number,
  id: "MS1" | "MS2",
): void {
  const status = detail?.statuses.at(-1);
  if (status === undefined) {
    context.finding("warning", "misplaced_segment", `${id} without an AT7 before it`, index);
  } else if (id === "MS1") status.position = readPosition(context, index);
  else status.equipment = index;
}

/** L11 is value*qualifier; both may be empty or padded. */
function addReference(context: SetContext, target: Header | Detail, index: number): void {
  const value = context.text(index, 1, 128);
  const qualifier = context.text(index, 2, 8);
  if (value === undefined || qualifier === undefined) return;
  addNames(target, namesAt(context, index));
  if (qualifier === context.settings.signer_qualifier) target.signer = value;
  if (!("own" in target)) return;
  if (OWN.has(qualifier) && target.own.length < MAX_REFERENCES)
    target.own.push(`${qualifier}:${value}`);
  if (qualifier !== "QN") return;
  if (/^\d{1,4}$/.test(value)) target.stopNumber = Number(value);
  else {
    context.finding("warning", "bad_stop_number", `"${value}" is no stop number`, index, {
      element: 1,
    });
  }
}

function addParty(context: SetContext, target: Header | Detail, index: number): void {
  const party = readParty(context, index);
  if (target.parties.length < MAX_PARTIES) target.parties.push(party);
  if (party.role === SIGNER && party.name !== undefined) target.signer = party.name;
}

/** Element 98: the party that signed the delivery receipt. */
const SIGNER = "N5";

/** NM1: role, kind of entity, last name, first name. Other persons are not of the shipment. */
function addPerson(context: SetContext, target: Header | Detail, index: number): void {
  if (context.text(index, 1, 8) !== SIGNER) return;
  const names = [4, 3].map((n) => context.text(index, n)).filter((it) => it !== undefined);
  if (names.length > 0) target.signer = names.join(" ");
}

function addNames(target: Header | Detail, named: readonly Named[]): void {
  if (target.references.length < MAX_REFERENCES) target.references.push(...named);
}

function addRemark(context: SetContext, target: Header | Detail, index: number): void {
  for (const n of [1, 2]) {
    const text = context.text(index, n);
    if (text !== undefined && target.remarks.length < MAX_REMARKS) target.remarks.push(text);
  }
}
