/** The door for webhooks. */
import { z } from "zod";
import { host, port, seconds } from "./values.ts";

export const intakeType = z
  .strictObject({
    host: host.default("127.0.0.1"),
    port: port.default(8480),
    trusted_proxies: z.array(z.string()).default(["loopback"]),
    body_bytes: z.int().min(1000).max(100_000_000).default(1_000_000),
    depth: z.int().min(4).max(512).default(64),
    concurrent: z.int().min(1).max(10_000).default(512),
    open_bodies: z.int().min(1).max(10_000).default(512),
    request_seconds: seconds(30, 600),
  })
  .prefault({});
