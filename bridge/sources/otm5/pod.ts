/** Proofs of delivery: signer, papers and quantities of one unload, handOver or document. */
import type { ProofOfDelivery, StopReference } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Instant } from "../../canonical/values.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import { type Papers, papersOf, soundsLikePod } from "./documents.ts";
import type { Quantities } from "./goods.ts";
import { attributeIdentifiers } from "./cargo.ts";
import { identifiers } from "../shared/reading/reading.ts";
import { saidAt, type Scope } from "./scope.ts";
import { addMilestone, sourceEvent } from "./add_milestone.ts";

export interface Proof {
  node: JsonNode;
  identifiers: Identifier[];
  lane: string;
  /** Id of what proves it; versions share it. */
  event: string;
  stop?: StopReference | undefined;
  delivered?: Instant | undefined;
  signer?: string | undefined;
  quantities?: Quantities | undefined;
  papers: Papers;
  remark?: string | undefined;
}

/** Adds what there is: the proof itself, and every paper that is only linked to. */
export function addProof(scope: Scope, proof: Proof): void {
  for (const link of proof.papers.links) addLink(scope, proof, link);
  const { signer, quantities } = proof;
  const papers = proof.papers.inline;
  if (signer === undefined && papers.length === 0 && quantities?.stated !== true) return;
  if (proof.identifiers.length === 0) {
    scope.builder.finding(
      "warning",
      "no_identifier",
      proof.node.path,
      "the proof names nothing that is carried",
    );
    return;
  }
  scope.builder.add(
    defined({
      kind: "proof_of_delivery" as const,
      message_path: proof.node.path,
      identifiers: proof.identifiers,
      applies_to: "one" as const,
      source_event: sourceEvent(`${proof.event}/pod`),
      version: scope.version,
      recorded_at: scope.recordedAt,
      stop: proof.stop,
      ...saidOf(proof),
      documents: papers.length === 0 ? undefined : papers,
    }),
    "billing",
    proof.lane,
  );
}

/** What was said with the papers. The paper behind a link says it, too: of two proofs of one stop the
 * one with the paper may be the one that counts, and goods that were refused are not billed then. */
function saidOf({ delivered, signer, quantities, remark }: Proof) {
  const lines: ProofOfDelivery["quantities"] = quantities?.lines;
  return {
    delivered,
    signer,
    signed: signer === undefined ? undefined : true,
    quantities: lines === undefined || lines.length === 0 ? undefined : lines,
    remark,
  };
}

/** That the partner has it, and where it is fetched. */
function addLink(scope: Scope, proof: Proof, { node, uri, name }: Papers["links"][number]): void {
  const id = node.at("id").text(100);
  addMilestone(scope, {
    node,
    identifiers: proof.identifiers,
    appliesTo: "one",
    lane: proof.lane,
    event: `${id ?? proof.event}/link`,
    conditions: ["pod_available"],
    classifier: "actual",
    occurred: proof.delivered ?? saidAt(scope),
    stop: proof.stop,
    rawCode: "document/link",
    // What follows the question mark may let in whoever reads it.
    text: [name, uri.split("?")[0]].filter((it) => it !== undefined).join(": "),
  });
  if (proof.identifiers.length === 0) return;
  scope.builder.link({
    url: uri,
    id: id === undefined ? undefined : `otm5 ${id}`,
    name,
    lane: proof.lane,
    proof: defined({
      message_path: node.path,
      identifiers: proof.identifiers,
      applies_to: "one" as const,
      version: scope.version,
      recorded_at: scope.recordedAt,
      stop: proof.stop,
      ...saidOf(proof),
      events: [...new Set([proof.event, id ?? proof.event])].map((it) => sourceEvent(`${it}/pod`)),
    }),
  });
}

/**
 * A document that comes by itself. It names no shipment; the plan or the action that refers to it
 * declares its id.
 */
export function readDocument(scope: Scope, document: JsonNode): void {
  const id = document.at("id").text(100);
  const names = [
    ...identifiers(["entity", id]),
    ...attributeIdentifiers(scope, document.at("externalAttributes")),
  ];
  addDocument(scope, document, names, undefined);
}

/** A document of a known consignment or action; one that is no proof of delivery is told of. */
export function addDocument(
  scope: Scope,
  document: JsonNode,
  names: Identifier[],
  stop: StopReference | undefined,
): void {
  if (stop?.kind !== "delivery" && !soundsLikePod(scope, document)) {
    scope.builder.finding(
      "warning",
      "other_document",
      document.path,
      "not known as a proof of delivery",
    );
    return;
  }
  const first = names[0]?.value ?? "-";
  addProof(scope, {
    node: document,
    identifiers: names,
    lane: first,
    event: document.at("id").text(100) ?? first,
    stop,
    papers: papersOf(scope, [document]),
    remark: document.at("description").text(512),
  });
}
