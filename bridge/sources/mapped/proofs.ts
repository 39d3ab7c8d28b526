/** Proofs of delivery of a mapping: who took what, when, and the paper for it. */
import { createHash } from "node:crypto";
import { paperTypeOf } from "../../canonical/papers.ts";
import { QUANTITY_OUTCOMES, type QuantityOutcome } from "../../canonical/codes.ts";
import type { ProofOfDelivery } from "../../canonical/fact.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined, type UnkeyedPod } from "../shared/reading/reading.ts";
import type { FactHead } from "./fact_head.ts";
import type { RuleOf } from "./rules.ts";
import { reasonOf, stopOf } from "./milestones.ts";
import { decimalAt, instantAt, isTrueAt, placeAt, type Reader, textAt, wordAt } from "./values.ts";

type Documents = NonNullable<ProofOfDelivery["documents"]>;
type Quantities = NonNullable<ProofOfDelivery["quantities"]>;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function proofOfDeliveryOf(
  reader: Reader,
  rule: RuleOf<"proof_of_delivery">,
  values: JsonNode,
  common: FactHead,
): UnkeyedPod {
  const signed = values.at("signed");
  const { zone } = placeAt(values.at("place"));
  return defined({
    ...common,
    kind: "proof_of_delivery" as const,
    stop: stopOf(reader, rule.stop, values.at("stop")),
    delivered: instantAt(reader, values.at("delivered"), rule.delivered, zone?.zone),
    signer: textAt(values.at("signer"), 128),
    signed: signed.isMissing ? undefined : isTrueAt(signed),
    quantities: atLeastOne(quantitiesOf(reader, rule, values.at("quantities"))),
    documents: atLeastOne(documentsOf(reader, values.at("documents"))),
    remark: textAt(values.at("remark"), 512),
  });
}

/** Papers that are behind a link; their proof becomes a fact once they are fetched. */
export function linkedPapersOf(list: JsonNode): Array<{ url: string; name: string | undefined }> {
  return list.items().flatMap((item) => {
    const url = textAt(item.at("url"), 4000);
    return url === undefined ? [] : [{ url, name: textAt(item.at("name"), 128) }];
  });
}

/** Whether a proof says anything beside where its papers are. */
export function provesNothing({ signer, signed, quantities, documents }: UnkeyedPod): boolean {
  return [signer, signed, quantities, documents].every((it) => it === undefined);
}

function atLeastOne<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function quantitiesOf(
  reader: Reader,
  rule: RuleOf<"proof_of_delivery">,
  list: JsonNode,
): Quantities {
  return list.items().flatMap((line) => {
    const quantity = decimalAt(reader, line.at("quantity"), "quantity");
    const written = rule.quantities?.outcome;
    const outcome = wordAt<QuantityOutcome>(
      reader,
      line.at("outcome"),
      written,
      QUANTITY_OUTCOMES,
      "outcome",
    );
    if (quantity === undefined || outcome === undefined) return [];
    const reason = textAt(line.at("reason"), 128);
    return [
      defined({
        goods: textAt(line.at("goods"), 128),
        description: textAt(line.at("description"), 256),
        quantity,
        unit: textAt(line.at("unit"), 32),
        outcome,
        reason: reason === undefined ? undefined : reasonOf(reader.mapping, reason),
      }),
    ];
  });
}

/** Papers that the message itself holds; one that is no base64 of a known kind is a finding. */
function documentsOf({ builder, path }: Reader, list: JsonNode): Documents {
  return list.items().flatMap((item, index) => {
    const text = textAt(item.at("content_base64"), 27_000_000)?.replaceAll(" ", "");
    if (text === undefined) return [];
    const content = Buffer.from(text, "base64");
    // By its first bytes, whatever is said of it: carriers say nothing, or something else.
    const media_type = paperTypeOf(content);
    if (media_type === undefined || !BASE64.test(text) || content.length === 0) {
      builder.finding(
        "error",
        "bad_document",
        path,
        `document ${index + 1} is no base64 of a PDF or image`,
      );
      return [];
    }
    return [
      {
        name: textAt(item.at("name"), 128) ?? `document-${index + 1}`,
        media_type,
        sha256: createHash("sha256").update(content).digest("hex"),
        size: content.length,
        content_base64: content.toString("base64"),
      },
    ];
  });
}
