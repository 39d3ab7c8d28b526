/** What the names of fields mean, in the languages in which partners name them. */
import type { IdentifierType } from "../canonical/identifiers.ts";

const NUMBER = "(number|numero|numer|nummer|nbr|num|nr|no|id)?$";

/** Names are compared in lower case, without signs and accents. */
export const IDENTIFIER_NAMES: ReadonlyArray<readonly [IdentifierType, RegExp]> = [
  [
    "container",
    new RegExp(`(container|conteneur|contenedor)${NUMBER}|equipment(number|no|id|reference)$`),
  ],
  ["tracking", new RegExp(`(tracking(code)?|parcel|colis|paket|seguimiento)${NUMBER}`)],
  ["mbol", new RegExp(`(mbol|masterbill(oflading)?|mbl)${NUMBER}`)],
  ["bol", new RegExp(`(^|[^m])(bol|billoflading|waybill|frachtbrief|cmr|vrachtbrief)${NUMBER}`)],
  ["pro", new RegExp(`^(freight|carrier)?pro${NUMBER}`)],
  ["booking", new RegExp(`(booking|buchungs?)(ref.*)?${NUMBER}`)],
  [
    "shipment_id",
    new RegExp(
      `(load|shipment|consignment|sendungs?|envio|expedition|zending|ladung|lade)(ref(erence)?)?${NUMBER}`,
    ),
  ],
  ["po", new RegExp(`(^po|purchaseorder|bestell(ung)?|commande|pedido)${NUMBER}`)],
  ["scac", /scac(code)?$/],
  [
    "customer_ref",
    new RegExp(
      `(customer|reference|referenz|referencia|auftrags?|kunden|order|ref)(number|nummer|nr|no|ref|s|id)?$`,
    ),
  ],
];

/** The moment that a message is about, the surest names first. */
export const TIME_NAMES: readonly RegExp[] = [
  /occur|happened|ereignis(zeit|datum)|^(status|event|scan)(date)?(time|at|on|datetime|zeit)$/,
  /^(event|status|scan|activity|actual)?(timestamp|datetime|zeitstempel|zeitpunkt)/,
  /^(event|status|scan|activity|actual)(date|at|datum)/,
  /^(time|date|at|datum|zeit|fecha|tijdstip|horodatage)$/,
  /time|date|datum|fecha|zeit|heure|tijd|at$/,
];
/** When something was written, not when it happened. */
export const RECORDED_NAMES =
  /creat|updat|modif|sent|generat|record|message|export|erstellt|geandert/;
/** What is planned or forecast. */
export const PLANNED_NAMES =
  /^(eta|etd)$|estimat|scheduled|planned|expected|appointment|geplant|voraus/;

export const CLOCK_NAMES = /time|uhrzeit|zeit|heure|hora|tijd|clock/;

export const CODE_NAMES: readonly RegExp[] = [
  /(status|event|message|milestone|activity|scan|ereignis)(code|type|typ|key)$/,
  /^(status|event|code|milestone|estado|statut|ereignis|type|tag|activity)$/,
  /status|event|code|milestone|estado|statut|ereignis/,
];

/** The kind of a stop is no event. */
export const NO_CODE_NAMES = /^(stop|leg|facility|location|place)/;

export const TEXT_NAMES =
  /(description|descripcion|text|message|bezeichnung|beschreibung|libelle|omschrijving|details?|remark)$/;

export const SIGNER_NAMES =
  /signedby|signer|signature(name)?$|receivedby|podname|empfangen|unterschrift|quittiert|firmado|recibido|signepar|ontvangendoor/;

export const EVENT_ID_NAMES = /^(event|activity|scan|status|message)?(id|uuid|guid)$/;

export const PLACE_NAMES: ReadonlyArray<readonly [string, RegExp]> = [
  ["city", /(city|town|stadt|ville|ciudad|plaats|locality)$|^(ziel|liefer|empfangs|ereignis)?ort$/],
  ["state", /^state(code)?$|stateprovince|province|bundesland/],
  ["postal_code", /postal|postcode|zip|^plz$|codigopostal/],
  ["country", /country|^pays|^pais|^(ziel|liefer|empfangs)?land$/],
  ["unlocode", /unlocode|locode/],
  ["latitude", /^lat(itude)?$/],
  ["longitude", /^(lon|lng|long|longitude)$/],
];

/** Fields of bills: told, not mapped, for money is nothing to guess. */
export const MONEY_NAMES =
  /amount|total|betrag|netto|brutto|montant|importe|bedrag|charge|price|preis|rate$|cost|fuel/;

/** Lower case, without accents, signs, or the prefix of a namespace. */
export function plain(name: string): string {
  const local = name.replace(/^@/, "").replace(/^[A-Za-z][\w-]*:/, "");
  return local
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[^a-z0-9]/g, "");
}
