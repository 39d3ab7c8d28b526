/** From where a connection's proofs of delivery may be fetched that its messages only link to. */
import { z } from "zod";
import { MAX_PAPER_BYTES } from "../canonical/papers.ts";
import { seconds } from "./values.ts";

/** `files.acme.example`, `*.acme.example`, `files.acme.example:8443`; no address, no whole top level. */
const HOST = /^(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]*(:[0-9]{1,5})?$/;

const linkHost = z
  .string()
  .toLowerCase()
  .regex(
    HOST,
    "must be a host name such as files.acme.example, *.acme.example or files.acme.example:8443",
  );

export const proofLinksType = z
  .strictObject({
    /** Nothing is fetched from anywhere else. */
    hosts: z.array(linkHost).default([]),
    /** Show the peer's credentials, to the origin of peer.base_url alone. */
    with_credentials: z.boolean().default(false),
    max_bytes: z.int().min(1000).max(MAX_PAPER_BYTES).default(10_000_000),
    request_seconds: seconds(60, 600),
    ca_file: z.string().min(1).optional(),
  })
  .prefault({});

export type ProofLinksConfig = z.infer<typeof proofLinksType>;
