/** The people and places of the story. All names are invented. */
export interface Place {
  name: string;
  street: string;
  zip: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

const place = (
  name: string,
  street: string,
  zip: string,
  city: string,
  country: string,
): Place => ({
  name,
  street,
  zip,
  city,
  country,
});

export const WAREHOUSES = {
  rotterdam: place("Pier 7 Distribution", "Waalhaven Z.Z. 7", "3089", "Rotterdam", "NL"),
  antwerp: place("Scheldt Cross-Dock", "Noorderlaan 210", "2030", "Antwerpen", "BE"),
};

export const CUSTOMERS = {
  vandijk: place("Van Dijk Bouwstoffen", "Vaartweg 18", "3542", "Utrecht", "NL"),
  hofmann: place("Bäckerei Hofmann", "Deichstraße 4", "20459", "Hamburg", "DE"),
  delacourt: place("Maison Delacourt", "Quai Perrache 31", "69002", "Lyon", "FR"),
  lindqvist: place("Lindqvist Möbler", "Hamngatan 9", "21122", "Malmö", "SE"),
  bellini: place("Officine Bellini", "Via Tortona 27", "20144", "Milano", "IT"),
  kowalski: place("Kowalski Meble", "ul. Głogowska 88", "60741", "Poznań", "PL"),
  linde: place("Brouwerij De Linde", "Kraanlei 55", "9000", "Gent", "BE"),
  valdemar: place("Cooperativa Valdemar", "Rua do Cais 12", "4050", "Porto", "PT"),
  ashworth: place("Ashworth & Daughters", "Tooley Street 140", "SE1 2TU", "London", "GB"),
  sorensen: place("Sørensen Maritim", "Kalvebod Brygge 32", "1560", "København", "DK"),
  blum: place("Kaffeerösterei Blum", "Freilager 6", "8047", "Zürich", "CH"),
  jansen: place("Jansen Techniek", "Kanaaldijk 3", "5683", "Best", "NL"),
  muller: place("Müller Werkzeugbau", "Industriestraße 41", "70565", "Stuttgart", "DE"),
  estrella: place("Farmacia Estrella", "Calle de Toledo 60", "28005", "Madrid", "ES"),
  harvest: place("Green Harvest Foods", "Dock Road 2", "D01", "Dublin", "IE"),
  roux: place("Atelier Roux", "Rue Sainte-Catherine 14", "59800", "Lille", "FR"),
  novak: place("Novák Elektro", "Plzeňská 155", "15000", "Praha", "CZ"),
  waldner: place("Waldner Holzbau", "Innrain 52", "6020", "Innsbruck", "AT"),
};
export type CustomerKey = keyof typeof CUSTOMERS;

/** Partners of the story: a TMS, an EDI carrier and a forwarder with an API. */
export const CONNECTIONS = {
  waterweg: { name: "Waterweg TMS", code: "waterweg", source: "otm5" },
  nordlinie: { name: "Nordlinie EDI", code: "nordlinie", source: "edifact" },
  alpina: { name: "Alpina Cargo", code: "alpina", source: "mapped" },
};
export type ConnectionKey = keyof typeof CONNECTIONS;

export const CARRIERS: Record<ConnectionKey, string> = {
  waterweg: "Waterweg Transport",
  nordlinie: "Nordlinie Spedition",
  alpina: "Alpina Cargo",
};
