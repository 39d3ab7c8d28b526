import { expect } from "chai";
import { MilepostError } from "../../../bridge/errors.ts";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_associations.json":
    "created associations assign or prove, removed ones of actions and documents are retractions",
  "made_bad_only.json": "a message without any good entity is refused",
  "made_bad_page.json": "of a page the faulty entities are errors, the good one is read",
  "made_by_attributes.json": "external attributes of the connection name the shipment",
  "made_coordinates.json":
    "latitude and longitude that are swapped are put right with a warning, impossible ones are left out",
  "made_documents.json": "an inline document of the right words is a proof, others are told",
  "made_hand_over.json":
    "handOver gives signer and papers, a link is a condition, and handed on to be fetched; a document that is not what it says is told",
  "made_lifecycles.json":
    "requested and planned are plans, projected is a forecast, actual and realized happened; an unknown lifecycle proves nothing",
  "made_load_results.json": "a failed load is a delay, a cancelled one cancels",
  "made_local_times.json":
    "no offset: the place's zone, else the connection's, inferred; gap and fold are told; an offset is taken as it is",
  "made_order.json": "a requested consignment is tendered, its actions are plans",
  "made_other_actions.json": "what moves nothing is kept, unmapped",
  "made_positions.json":
    "positions are in transit with their point; engine, sensor and emission move nothing",
  "made_statuses.json": "consignment statuses by the table; completed and closed say nothing more",
  "made_stops_alone.json":
    "stops without a trip: start is an arrival, end a departure, only when realized",
  "made_trip_over_hub.json": "a stop of a terminal type is a hub between pickup and delivery",
  "made_trip_planned.json": "planned stops with offsets: itinerary and plans, nothing happened",
  "made_trip_under_way.json": "realized stops close steps, planned ones stay plans",
  "made_unload_results.json":
    "a failed unload is realized, too: only the result tells delivered, partial, refused or attempted",
  "made_updates.json": "an update is partial: what it leaves out proves nothing",
};

describe("Open Trip Model 5", () => {
  describeGolden(otm5Source, RULES, { zone: "Europe/Amsterdam" });

  it("refuses at the door what is no OTM at all", () => {
    const message = {
      body: Buffer.from('{"greeting": "hello"}'),
      contentType: "application/json",
      receivedAt: new Date(),
      attributes: {},
    };
    const settings = otm5Source.settings.parse({ zone: "Europe/Amsterdam" });
    expect(() => otm5Source.check(message, settings))
      .to.throw(MilepostError)
      .that.includes({ code: "not_otm5", retry: "never" });
  });
});
