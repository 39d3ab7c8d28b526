/** What proves the delivery of a parcel: who signed, and pictures behind links. */
import type { Instant } from "../../../canonical/values.ts";
import { defined, type ReadingBuilder } from "../reading/reading.ts";
import { isSigner } from "./codes.ts";
import type { Parcel } from "./model.ts";

export function addProof(
  builder: ReadingBuilder,
  parcel: Parcel,
  signer: NonNullable<Parcel["signer"]>,
  delivered: Instant | undefined,
): void {
  if (!isSigner(signer.text)) {
    builder.finding(
      "warning",
      "nobody_signed",
      signer.path,
      `no proof of delivery: "${signer.text}"`,
    );
    return;
  }
  builder.add(
    defined({
      kind: "proof_of_delivery",
      message_path: signer.path,
      identifiers: parcel.identifiers,
      applies_to: "one",
      recorded_at: parcel.recordedAt,
      stop: { kind: "delivery" as const },
      delivered,
      signer: signer.text,
      signed: true,
    }),
    "billing",
    parcel.lane,
  );
}

export function addLink(
  builder: ReadingBuilder,
  { identifiers, lane, recordedAt, trackerId, signer }: Parcel,
  { path, url, name }: NonNullable<Parcel["papers"]>[number],
  delivered: Instant,
): void {
  const stop = { kind: "delivery" as const };
  const signed = signer !== undefined && isSigner(signer.text);
  builder.link({
    url,
    id: `${trackerId} ${name}`,
    name,
    lane,
    proof: {
      message_path: path,
      identifiers,
      applies_to: "one",
      recorded_at: recordedAt,
      stop,
      delivered,
      // Whoever asks for a name and a picture has both in one proof.
      ...(signed && { signer: signer.text, signed }),
    },
  });
}
