/**
 * 997 functional acknowledgement: what was received of one group, and the errors in it.
 *
 * It says that the messages could be read, nothing of their content. It is made of the group alone,
 * so that reading the same file again makes the same bytes.
 */
import { createHash } from "node:crypto";
import type { Reply } from "../../../canonical/reading.ts";
import { type Group, partiesOf } from "../envelope.ts";
import type { SyntaxFault } from "../set_context.ts";
import type { Interchange } from "../settings.ts";
import { free, type OutSegment, writeInterchange } from "../writer.ts";

/** How one transaction set fared. */
export interface SetResult {
  type: string;
  control: string;
  /** X12 element 718 (AK502): 1 not supported, 2 no trailer, 3 control numbers, 4 count, 5 segments. */
  setFaults: readonly string[];
  faults: readonly SyntaxFault[];
  rejected: boolean;
}

/** A 997 holds at most this many errors of one set; the code in AK5 says that there are more. */
const MAX_FAULTS = 200;
const MAX_CODES = 5;

/** The 997 for a group, as a file for its sender. */
export function acknowledge(group: Group, sets: readonly SetResult[], receivedAt: Date): Reply {
  const control = derivedControl(group);
  const body = writeInterchange({ interchange: answering(group), control, made: receivedAt }, [
    { functionalId: "FA", sets: [{ type: "997", segments: segmentsOf(group, sets) }] },
  ]);
  const { sender } = partiesOf(group);
  return {
    name: `997_${fileName(sender)}_${fileName(group.control)}_${control}.edi`,
    contentType: "application/edi-x12",
    body: Buffer.from(body),
  };
}

function segmentsOf(group: Group, sets: readonly SetResult[]): OutSegment[] {
  const segments: OutSegment[] = [["AK1", text(group.functionalId, 2), text(group.control, 9)]];
  for (const set of sets) {
    segments.push(["AK2", text(set.type, 3), text(set.control, 9)]);
    for (const [index, fault] of set.faults.slice(0, MAX_FAULTS).entries()) {
      addFault(segments, set.faults[index - 1], fault);
    }
    const codes = codesOf(set);
    segments.push(["AK5", set.rejected ? "R" : codes.length > 0 ? "E" : "A", ...codes]);
  }
  const accepted = sets.filter(({ rejected }) => !rejected).length;
  segments.push([
    "AK9",
    groupCode(group, sets, accepted),
    String(group.declaredSets ?? sets.length).slice(0, 6),
    String(sets.length),
    String(accepted),
    ...[...new Set(group.faults)].slice(0, MAX_CODES),
  ]);
  return segments;
}

function addFault(segments: OutSegment[], last: SyntaxFault | undefined, fault: SyntaxFault): void {
  // Several elements of one segment stand under one AK3.
  if (last?.position !== fault.position || last.segmentCode !== fault.segmentCode) {
    const { segment, position, segmentCode } = fault;
    segments.push(["AK3", text(segment, 3), String(position), undefined, segmentCode]);
  }
  if (fault.elementCode === undefined) return;
  const { element, elementCode, value } = fault;
  segments.push(["AK4", String(element ?? 1), undefined, elementCode, text(value, 99)]);
}

function codesOf({ setFaults, faults }: SetResult): string[] {
  return [...new Set([...setFaults, ...(faults.length > 0 ? ["5"] : [])])].slice(0, MAX_CODES);
}

function groupCode(group: Group, sets: readonly SetResult[], accepted: number): string {
  if (accepted === 0) return "R";
  if (accepted < sets.length) return "P";
  const spotless = group.faults.length === 0 && sets.every((set) => codesOf(set).length === 0);
  return spotless ? "A" : "E";
}

/** The sender's own text, which may hold what our separators are. */
function text(value: string | undefined, max: number) {
  return free(value, max);
}

/** Sender and receiver change places; the separators are those of the interchange answered. */
function answering(group: Group): Interchange {
  const parties = partiesOf(group);
  const { separators } = group.interchange;
  const usable = [separators.element, separators.component, separators.terminator];
  const own = usable.every((it) => /^[!-/:-@[-`{-~]$/.test(it)) && new Set(usable).size === 3;
  return {
    sender_qualifier: identifier(parties.receiverQualifier, 2),
    sender: identifier(parties.receiver, 15),
    receiver_qualifier: identifier(parties.senderQualifier, 2),
    receiver: identifier(parties.sender, 15),
    group_sender: identifier(parties.groupReceiver, 15),
    group_receiver: identifier(parties.groupSender, 15),
    usage: parties.usage === "T" ? "T" : "P",
    element_separator: own ? separators.element : "*",
    component_separator: own ? separators.component : ">",
    segment_terminator: own ? separators.terminator : "~",
  };
}

/** An identifier that anyone can read; what is strange in it would break our own envelope. */
function identifier(value: string, max: number): string {
  return value.replace(/[^A-Za-z0-9 ._-]/g, "").slice(0, max) || "UNKNOWN".slice(0, max);
}

function fileName(value: string): string {
  return value.replace(/[^A-Za-z0-9]/g, "").slice(0, 20) || "x";
}

/**
 * A control number made of what is answered: the same for every reading, and another for another
 * group even where the sender uses a number twice.
 */
function derivedControl({ interchange, gs, path }: Group): number {
  const hash = createHash("sha256");
  for (const part of [...interchange.isa.elements, ...gs.elements, path])
    hash.update(`${part}\u0000`);
  return 1 + (hash.digest().readUInt32BE(0) % 999_999_998);
}
