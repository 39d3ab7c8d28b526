import { dcsaSource } from "../../../bridge/sources/dcsa/source.ts";
import { describeGolden } from "../golden.ts";

/** What each sample shows of docs/sources and the standard, as its golden file was reviewed. */
const RULES = {
  "made_tnt-230-mixed.json":
    "2.3: type, code, facility and load decide; a void transport document cancels nothing; an empty container at the customer proves the departure",
  "made_tnt-300-doors.json":
    "3.0: at a customer the direction decides between pickup and delivery, untold it stays unmapped; a delay reason adds a delay; empty containers move no goods",
  "made_tnt-300-retracted.json": "isRetracted withdraws all versions of an event",
  "tnt-220-response-wrong-attribute-values.json":
    "refused at the door for UN/LOCODEs of no country; of a polled page the other events are read",
  "tnt-220-response-wrong-date-times.json":
    "refused at the door for times without offset; each has its path",
  "tnt-220-response-wrong-event-ids.json":
    "refused at the door for ids that are no UUID or come twice",
  "tnt-220-response-wrong-structure.json": "refused for an event type that does not exist",
  "tnt-220-response.json":
    "2.2: an estimate keeps its step as estimated, offsets are taken as they are",
  "tnt-300-request-equipment.json": "LOAD of a laden container is loaded",
  "tnt-300-request-iot.json": "IoT events are kept and move no step",
  "tnt-300-request-reefer.json": "reefer events are kept and move no step",
  "tnt-300-request-shipment.json": "CONF of a booking is booked",
  "tnt-300-request-transport.json": "ARRI at a port terminal is an arrival at a terminal",
  "tnt-300-response-nextpage.json":
    "an estimate never counts as done; a discharge is an arrival at the terminal",
  "tnt-300-response.json":
    "DEPA is a departure from a terminal; the return of an empty container stays unmapped",
};

describe("dcsa: samples", () => {
  describeGolden(dcsaSource, RULES);
});
