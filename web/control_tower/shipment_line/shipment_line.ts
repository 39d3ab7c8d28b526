/** A shipment as a line of the list: what the card says, side by side. */
import { ShipmentCard } from "../shipment_card/shipment_card.ts";

export class ShipmentLine extends ShipmentCard {
  static override template = "milepost.ShipmentLine";
}
