/**
 * An Odoo that speaks both transports and remembers what it was given. It stores each fact once,
 * by its key, as the addon does.
 */
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import type {
  Batch,
  Figures,
  OutboxAcknowledgement,
  OutboxItem,
  Verdict,
} from "../../bridge/canonical/exchange.ts";
import { FaultServer, type Received, type Reply } from "./fault_server.ts";

const require = createRequire(import.meta.url);
const Deserializer = require("xmlrpc/lib/deserializer") as new () => {
  deserializeMethodCall(
    stream: Readable,
    done: (error: unknown, method: string, params: unknown[]) => void,
  ): void;
};
const serializer = require("xmlrpc/lib/serializer") as {
  serializeMethodResponse(value: unknown): string;
  serializeFault(fault: { faultCode: number; faultString: string }): string;
};

/** What a call ends in: a value, or an error of Odoo by its exception. */
export type Outcome =
  | { value: unknown }
  | {
      raises:
        "UserError" | "AccessError" | "AccessDenied" | "UnknownModel" | "Crash" | "Serialization";
    }
  | { reply: Reply };

type Call = { method: string; args: Record<string, unknown> };

const JSON2_STATUS = {
  UserError: 422,
  AccessError: 403,
  AccessDenied: 401,
  UnknownModel: 404,
  Crash: 500,
  Serialization: 409,
} as const;

const TRACEBACK = 'Traceback (most recent call last):\n  File "/odoo/secret_path.py", line 1\n';

const XML_FAULT = {
  UserError: { faultCode: 2, faultString: "The batch is refused" },
  AccessError: { faultCode: 4, faultString: "You are not allowed" },
  AccessDenied: { faultCode: 3, faultString: "Access Denied" },
  UnknownModel: { faultCode: 2, faultString: "Object milepost.exchange doesn't exist" },
  Crash: { faultCode: 1, faultString: `${TRACEBACK}ZeroDivisionError: division by zero` },
  Serialization: {
    faultCode: 1,
    faultString: `${TRACEBACK}psycopg2.errors.SerializationFailure: could not serialize access`,
  },
} as const;

export class FakeOdoo {
  readonly server: FaultServer;
  apiKey = "key-1";
  /** What `rotate_key` replaced: as in Odoo, each still opens for a day. */
  readonly keysBefore = new Set<string>();
  contract = "1.0";
  databaseUuid = "db-1";
  connections = ["acme"];
  environment = "";
  isNeutralized = false;
  keyExpiresAt: string | null = null;
  /** Stored facts: key → how often it was handed over. */
  readonly facts = new Map<string, number>();
  readonly batches: Batch[] = [];
  readonly statuses: Array<{ connection: string; state: string; reason: string }> = [];
  readonly outbox: OutboxItem[] = [];
  readonly acknowledgements: OutboxAcknowledgement[] = [];
  /** Lets a test decide; undefined leaves it to the fake. */
  intercept: (call: Call) => Outcome | undefined | Promise<Outcome | undefined> = () => undefined;
  /** Lets a test give another verdict for a fact. */
  verdict: (fact: Batch["facts"][number]) => Partial<Verdict> | undefined = () => undefined;

  /** Orders that wait in Odoo, by connection. */
  ordersWaiting: Readonly<Record<string, number>> = {};

  /** Orders whose answer is overdue, by connection, for five hours. */
  ordersUnanswered: Readonly<Record<string, number>> = {};

  constructor() {
    this.server = new FaultServer((request) => this.#answer(request));
  }

  get url(): string {
    return this.server.url;
  }

  async start(port = 0): Promise<this> {
    await this.server.start(port);
    return this;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  async #answer(request: Received): Promise<Reply> {
    if (request.path.startsWith("/xmlrpc/2/")) return this.#xmlrpc(request);
    const method = request.path.split("/").at(-1) ?? "";
    const outcome = this.#opens((request.headers.authorization ?? "").replace("bearer ", ""))
      ? await this.#call({ method, args: JSON.parse(request.body) as Call["args"] })
      : ({ raises: "AccessDenied" } as const);
    if ("reply" in outcome) return outcome.reply;
    if ("value" in outcome) return { body: JSON.stringify(outcome.value) };
    const { faultString } = XML_FAULT[outcome.raises];
    const error = { name: outcome.raises, message: faultString, debug: TRACEBACK };
    return { status: JSON2_STATUS[outcome.raises], body: JSON.stringify(error) };
  }

  #opens(key: unknown): boolean {
    return key === this.apiKey || this.keysBefore.has(String(key));
  }

  async #xmlrpc(request: Received): Promise<Reply> {
    const params = await new Promise<unknown[]>((resolve, reject) =>
      new Deserializer().deserializeMethodCall(Readable.from([request.body]), (error, _m, given) =>
        error ? reject(error) : resolve(given),
      ),
    );
    const xml = (body: string) => ({ type: "text/xml", body });
    if (request.path.endsWith("/common")) {
      return xml(serializer.serializeMethodResponse(this.#opens(params[2]) ? 7 : false));
    }
    const [, , password, , method, , args] = params;
    const outcome = this.#opens(password)
      ? await this.#call({ method: String(method), args: (args ?? {}) as Call["args"] })
      : ({ raises: "AccessDenied" } as const);
    if ("reply" in outcome) return outcome.reply;
    if ("value" in outcome) return xml(serializer.serializeMethodResponse(outcome.value));
    return xml(serializer.serializeFault(XML_FAULT[outcome.raises]));
  }

  async #call(call: Call): Promise<Outcome> {
    const decided = await this.intercept(call);
    if (decided !== undefined) return decided;
    const { args } = call;
    if (call.method === "hello") return { value: this.#hello() };
    if (call.method === "bind") {
      this.environment ||= String(args["environment"]);
      const { environment, isNeutralized: is_neutralized, keyExpiresAt: key_expires_at } = this;
      return { value: { environment, is_neutralized, key_expires_at } };
    }
    if (call.method === "rotate_key") {
      this.keysBefore.add(this.apiKey);
      this.apiKey = `${this.apiKey}-new`;
      return { value: { key: this.apiKey, key_expires_at: "2027-02-27 10:00:00" } };
    }
    if (call.method === "ingest") return { value: this.#ingest(args["batch"] as Batch) };
    if (call.method === "figures") return { value: this.figures() };
    if (call.method === "compare") return { value: { verdicts: [], shipments: [] } };
    if (call.method === "claim_outbox") {
      return { value: { items: this.outbox.splice(0, Number(args["limit"])) } };
    }
    if (call.method === "acknowledge_outbox") {
      const given = args["acknowledgements"] as OutboxAcknowledgement[];
      this.acknowledgements.push(...given);
      return { value: { results: given.map(({ id }) => ({ id, status: "done" })) } };
    }
    this.statuses.push(args as (typeof this.statuses)[number]);
    return { value: {} };
  }

  #hello(): unknown {
    const { contract, databaseUuid: database_uuid, connections } = this;
    return { contract, addon: "19.0.1.0.0", odoo: "19.0", database_uuid, connections };
  }

  figures(): Figures {
    const connections = this.connections.map((code) => ({
      code,
      uptime: 0.999,
      unmatched: 2,
      orders_waiting: this.ordersWaiting[code] ?? 0,
      orders_oldest_seconds: 30,
      orders_unanswered: this.ordersUnanswered[code] ?? 0,
      orders_unanswered_seconds: this.ordersUnanswered[code] === undefined ? 0 : 18_000,
    }));
    const billing = {
      deliveries: 40,
      readiness_median_seconds: 7200,
      readiness_p90_seconds: null,
      without_proof_share: 0.05,
      charge_exceptions: 3,
      holds: [{ reason: "pod_missing", count: 4 }],
    };
    return { at: "2026-11-29T12:00:00Z", window_days: 30, connections, billing };
  }

  #ingest(batch: Batch): { verdicts: Verdict[] } {
    this.batches.push(batch);
    const verdicts = batch.facts.map((fact): Verdict => {
      const other = this.verdict(fact);
      const seen = this.facts.get(fact.key) ?? 0;
      const stored =
        other?.status === undefined || ["accepted", "unmatched"].includes(other.status);
      if (stored) this.facts.set(fact.key, seen + 1);
      const status = seen === 0 ? "accepted" : "duplicate";
      return { key: fact.key, status, shipments: ["SHP/1"], ...other };
    });
    return { verdicts };
  }
}
