import { expect } from "chai";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import { messageOf } from "../golden.ts";

const inline = (entity: object) => ({ associationType: "inline", entity });
const consignment = inline({ id: "consignment-1" });

function trip(stops: readonly object[]) {
  const body = {
    id: "trip-1",
    entityType: "trip",
    status: "completed",
    lastModified: "2026-07-10T20:00:00Z",
    actions: stops.map((it) => inline(it)),
  };
  return otm5Source.read(messageOf(JSON.stringify(body)), otm5Source.settings.parse({}));
}

const stop = (n: number, lifecycle: string, hour: number, actions: readonly object[]) => ({
  id: `stop-${n}`,
  actionType: "stop",
  lifecycle,
  sequenceNr: n,
  location: inline({ id: `place-${n}`, name: `Place ${n}` }),
  startTime: `2026-07-10T${String(hour).padStart(2, "0")}:00:00+02:00`,
  endTime: `2026-07-10T${String(hour).padStart(2, "0")}:20:00+02:00`,
  actions: actions.map((it) => inline(it)),
});

const work = (actionType: string, lifecycle: string, more: object = {}) => ({
  id: `${actionType}-1`,
  actionType,
  lifecycle,
  consignment,
  ...more,
});

const said = (reading: ReturnType<typeof trip>) =>
  reading.facts.flatMap(({ fact }) =>
    fact.kind === "milestone" ? [[fact.raw_code, fact.code, fact.occurred.at]] : [],
  );

describe("Open Trip Model 5: work at a stop", () => {
  it("without a time of its own was done while the stop lasted", () => {
    const reading = trip([
      stop(0, "realized", 8, [work("load", "realized")]),
      stop(1, "realized", 15, [work("unload", "realized", { result: { status: "succeeded" } })]),
    ]);
    expect(said(reading)).to.deep.include(["load/realized", "loaded", "2026-07-10T06:20:00Z"]);
    expect(said(reading)).to.deep.include([
      "unload/realized/succeeded",
      "delivered",
      "2026-07-10T13:20:00Z",
    ]);
    expect(reading.findings).to.deep.equal([]);
  });

  it("that failed without a time keeps its reason", () => {
    const result = { status: "failed", reason: "receiverAbsent" };
    const reading = trip([stop(0, "realized", 15, [work("unload", "realized", { result })])]);
    const attempt = reading.facts.find(
      ({ fact }) => fact.kind === "milestone" && fact.code === "delivery_attempted",
    );
    expect(attempt?.fact).to.deep.include({
      reasons: [{ code: "consignee_unavailable", raw: "receiverAbsent" }],
    });
  });

  it("keeps its own time, and takes none of a stop that is only planned", () => {
    const own = { startTime: "2026-07-10T15:05:00+02:00", result: { status: "succeeded" } };
    expect(
      said(trip([stop(0, "realized", 15, [work("unload", "realized", own)])])),
    ).to.deep.include(["unload/realized/succeeded", "delivered", "2026-07-10T13:05:00Z"]);
    const planned = trip([stop(0, "planned", 15, [work("unload", "realized")])]);
    expect(planned.findings.map(({ code }) => code)).to.deep.equal(["no_time"]);
  });

  it("hands a paper over when the stop ended", () => {
    const handOver = work("handOver", "realized", {
      to: { ...inline({ id: "actor-1", name: "R. Receiver" }), roles: ["consignee"] },
    });
    const reading = trip([stop(0, "realized", 15, [work("unload", "realized"), handOver])]);
    const proof = reading.facts.find(({ fact }) => fact.kind === "proof_of_delivery")?.fact;
    expect(proof).to.have.nested.property("delivered.at", "2026-07-10T13:20:00Z");
  });

  it("attaches a trailer, which is neither cargo nor a plan of its own", () => {
    const transportEquipment = inline({ id: "trailer-1", licensePlate: "XX-00-YY" });
    const attach = (lifecycle: string) => ({
      id: "attach-1",
      actionType: "attachTransportEquipment",
      lifecycle,
      transportEquipment,
    });
    for (const [lifecycle, classifier] of [
      ["planned", "planned"],
      ["realized", "actual"],
    ] as const) {
      const reading = trip([
        stop(0, lifecycle, 8, [attach(lifecycle), work("load", lifecycle)]),
        stop(1, lifecycle, 15, [work("unload", lifecycle)]),
      ]);
      const plans = reading.facts.filter(({ fact }) => fact.kind === "itinerary");
      expect(plans.map(({ fact }) => fact.identifiers[0]?.value)).to.deep.equal(["consignment-1"]);
      const assigned = reading.facts.filter(
        ({ fact }) => fact.kind === "milestone" && fact.code === "assigned",
      );
      expect(assigned).to.have.length(1);
      expect(assigned[0]?.fact).to.deep.include({
        classifier,
        trailer: "XX-00-YY",
        identifiers: [{ type: "entity", value: "trip-1" }],
      });
      expect(assigned[0]?.fact).to.have.nested.property("occurred.at", "2026-07-10T06:00:00Z");
    }
  });

  it("reads a time without offset by the clock there, and says where there is none", () => {
    const at = (country: string | undefined) => ({
      ...stop(0, "realized", 8, [work("load", "realized")]),
      location: inline({
        id: "place-0",
        geoReference: { type: "addressGeoReference", ...(country && { country }) },
      }),
      startTime: "2026-07-10T08:00:00",
      endTime: "2026-07-10T08:20:00",
    });
    const known = trip([at("Spain")]);
    expect(said(known)).to.deep.include(["load/realized", "loaded", "2026-07-10T06:20:00Z"]);
    expect(known.findings).to.deep.equal([]);
    const unknown = trip([at(undefined)]);
    expect(said(unknown)).to.deep.include(["load/realized", "loaded", "2026-07-10T08:20:00Z"]);
    expect(unknown.findings.map(({ code }) => code)).to.deep.equal(["zone_unknown"]);
  });
});
