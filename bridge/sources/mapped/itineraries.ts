/** Plans of a mapping: stops in order, and further names of the shipment. */
import { STOP_KINDS, type StopKind } from "../../canonical/codes.ts";
import type { Itinerary } from "../../canonical/fact.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { defined } from "../shared/reading/reading.ts";
import type { FactHead } from "./fact_head.ts";
import type { RuleOf } from "./rules.ts";
import { identifiersAt, instantAt, placeAt, type Reader, textAt, wordAt } from "./values.ts";

type Unkeyed<F> = Omit<F, "key" | "message">;

/** The plan; a stop without id, number or kind is left out and said so. */
export function itineraryOf(
  reader: Reader,
  rule: RuleOf<"itinerary">,
  values: JsonNode,
  common: FactHead,
): Unkeyed<Itinerary> {
  const declares = identifiersAt(values.at("declares"));
  return defined({
    ...common,
    kind: "itinerary" as const,
    declares: declares.length === 0 ? undefined : declares,
    stops: values
      .at("stops")
      .items()
      .flatMap((stop) => stopsOf(reader, rule, stop)),
    carrier_name: textAt(values.at("carrier_name"), 128),
    carrier_scac: textAt(values.at("carrier_scac"), 4),
  });
}

function stopsOf(reader: Reader, rule: RuleOf<"itinerary">, stop: JsonNode): Itinerary["stops"] {
  const id = textAt(stop.at("id"), 128);
  const sequence = textAt(stop.at("sequence"), 8);
  const kind = wordAt<StopKind>(reader, stop.at("kind"), rule.stops.kind, STOP_KINDS, "stops/kind");
  if (
    id === undefined ||
    kind === undefined ||
    sequence === undefined ||
    !/^\d{1,4}$/.test(sequence)
  ) {
    reader.builder.finding(
      "error",
      "bad_stop",
      reader.path,
      "a stop lacks its id, sequence or kind",
    );
    return [];
  }
  const { place, zone } = placeAt(stop.at("place"));
  const time = (name: "planned_arrival" | "planned_departure" | "window_start" | "window_end") =>
    instantAt(reader, stop.at(name), rule.stops[name], zone?.zone);
  return [
    defined({
      id,
      sequence: Number(sequence),
      kind,
      place,
      planned_arrival: time("planned_arrival"),
      planned_departure: time("planned_departure"),
      window_start: time("window_start"),
      window_end: time("window_end"),
    }),
  ];
}
