/**
 * What became of a paper behind a link, as a message of the bridge to itself: it is stored, read,
 * replayed and traced like any other. A paper that is here is a proof of delivery, one that is not
 * says why, so that whoever waits for it in Odoo knows.
 */
import type { ProofOfDelivery } from "../../../canonical/fact.ts";
import { type LinkedProof, paperEvent } from "../../../canonical/proof_link.ts";
import type { Reading } from "../../../canonical/reading.ts";
import { defined, ReadingBuilder } from "./reading.ts";

export const PROOF_NOTICE = "application/vnd.milepost.proof+json";
export const PROOF_NOTICE_MAPPING = "proof_link@1";

type Document = NonNullable<ProofOfDelivery["documents"]>[number];

export interface ProofNotice {
  /** Id of the link in the store. */
  link: string;
  /** The message that named it. */
  of: string;
  lane: string;
  /** UTC text. */
  at: string;
  proof: LinkedProof;
  outcome:
    | {
        state: "fetched";
        document: Document;
        /** Odoo heard before that it is not here. */ told: boolean;
      }
    | { state: "waiting" | "refused"; code: string; text: string };
}

export function readProofNotice(body: Buffer): Reading {
  const notice = JSON.parse(body.toString("utf8")) as ProofNotice;
  const { proof, link, lane, outcome } = notice;
  const builder = new ReadingBuilder();
  if (outcome.state === "fetched") {
    const { events, ...said } = proof;
    builder.add(
      {
        ...said,
        kind: "proof_of_delivery",
        source_event: paperEvent(link, events),
        documents: [outcome.document],
      },
      "billing",
      lane,
    );
    if (outcome.told) addStanding(builder, notice, "fetched", undefined);
  } else addStanding(builder, notice, outcome.code, outcome.text);
  return builder.done();
}

/** The later one replaces the earlier. */
function addStanding(
  builder: ReadingBuilder,
  { proof, link, lane, at }: ProofNotice,
  code: string,
  text: string | undefined,
): void {
  builder.milestone(
    defined({
      kind: "milestone" as const,
      identifiers: proof.identifiers,
      applies_to: proof.applies_to,
      source_event: `link/${link}`,
      version: at,
      recorded_at: at,
      conditions: ["pod_available" as const],
      classifier: "actual" as const,
      occurred: proof.delivered ?? { at: proof.recorded_at, precision: "second" as const },
      stop: proof.stop,
      raw_code: `proof_link/${code}`,
      raw_text: text?.slice(0, 512),
    }),
    lane,
  );
}
