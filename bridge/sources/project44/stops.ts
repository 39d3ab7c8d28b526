/** The stops of a project44 shipment: what events point at, and the itinerary. */
import type { StopKind } from "../../canonical/codes.ts";
import type { Place } from "../../canonical/values.ts";
import type { PlaceZone } from "../shared/reading/place_zone.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import { type ReadingBuilder, defined, identifiers } from "../shared/reading/reading.ts";
import { STOP_KINDS } from "./codes.ts";
import type { History } from "./history.ts";

export interface Stop {
  id: string;
  sequence: number;
  kind: StopKind;
  place?: Place | undefined;
  zone?: PlaceZone | undefined;
}

/** Stops in the order of the route; one without id cannot be pointed at and is left out. */
export function stopsOf(shipment: JsonNode): Stop[] {
  const list = shipment.at("routeInfo", "stops").items();
  return list.slice(0, 100).flatMap((node, index) => {
    const id = node.at("id").text(128);
    if (id === undefined) return [];
    const type = node.at("type").text(32) ?? "";
    const kind = (Object.hasOwn(STOP_KINDS, type) ? STOP_KINDS[type] : undefined) ?? "terminal";
    return [{ id, sequence: index + 1, kind, ...placeOf(node.at("location")) }];
  });
}

/** The route as a plan; project44's own ids belong to the shipment from then on. */
export function addItinerary(builder: ReadingBuilder, all: History, stops: readonly Stop[]): void {
  if (stops.length === 0) return;
  builder.add(
    {
      kind: "itinerary",
      message_path: all.root.at("shipment", "routeInfo").path,
      identifiers: all.identifiers,
      applies_to: "one",
      source_event: `${all.shipmentId}/itinerary`,
      version: all.recordedAt,
      recorded_at: all.recordedAt,
      declares: identifiers(
        ["entity", all.shipmentId],
        ...stops.map((it) => ["entity", it.id] as const),
      ),
      stops: stops.map(({ id, sequence, kind, place }) => defined({ id, sequence, kind, place })),
    },
    "eta",
    all.shipmentId,
  );
}

function placeOf(location: JsonNode): ZonedPlace {
  const address = location.at("address");
  const lines = address
    .at("addressLines")
    .items()
    .flatMap((it) => it.text(120) ?? []);
  return zonedPlace({
    name: location.at("name").text(256) ?? location.at("contact", "companyName").text(256),
    street: lines.join(", ") || undefined,
    postalCode: address.at("postalCode").text(32),
    city: address.at("city").text(128),
    state: address.at("state").text(64),
    country: address.at("country").text(64),
    latitude: location.at("coordinates", "latitude").number(),
    longitude: location.at("coordinates", "longitude").number(),
    zone: location.at("timeZone").text(64),
  });
}
