/**
 * The time zone of a place that a message only names: by UN/LOCODE, state or province, country.
 *
 * Senders of EDI write local time without saying which; the place then decides. Where a country or
 * a state has several zones the one of most of its freight is taken, and not called certain.
 */

export interface PlaceZone {
  /** IANA name. */
  zone: string;
  /** False when the place has several zones and this one is only the likeliest. */
  certain: boolean;
}

/** Countries with one zone for all practical purposes (IANA, ISO 3166-1). */
const ONE_ZONE =
  "CN=Asia/Shanghai DE=Europe/Berlin MY=Asia/Kuala_Lumpur NZ=Pacific/Auckland UA=Europe/Kyiv " +
  "UZ=Asia/Tashkent CY=Asia/Nicosia " +
  "AD=Europe/Andorra AE=Asia/Dubai AF=Asia/Kabul AG=America/Antigua AI=America/Anguilla " +
  "AL=Europe/Tirane AM=Asia/Yerevan AO=Africa/Luanda AS=Pacific/Pago_Pago " +
  "AT=Europe/Vienna AW=America/Aruba AX=Europe/Mariehamn AZ=Asia/Baku BA=Europe/Sarajevo " +
  "BB=America/Barbados BD=Asia/Dhaka BE=Europe/Brussels BF=Africa/Ouagadougou " +
  "BG=Europe/Sofia BH=Asia/Bahrain BI=Africa/Bujumbura BJ=Africa/Porto-Novo " +
  "BL=America/St_Barthelemy BM=Atlantic/Bermuda BN=Asia/Brunei BO=America/La_Paz " +
  "BQ=America/Kralendijk BS=America/Nassau BT=Asia/Thimphu BW=Africa/Gaborone " +
  "BY=Europe/Minsk BZ=America/Belize CC=Indian/Cocos CF=Africa/Bangui " +
  "CG=Africa/Brazzaville CH=Europe/Zurich CI=Africa/Abidjan CK=Pacific/Rarotonga " +
  "CM=Africa/Douala CO=America/Bogota CR=America/Costa_Rica CU=America/Havana " +
  "CV=Atlantic/Cape_Verde CW=America/Curacao CX=Indian/Christmas CZ=Europe/Prague " +
  "DJ=Africa/Djibouti DK=Europe/Copenhagen DM=America/Dominica DO=America/Santo_Domingo " +
  "DZ=Africa/Algiers EE=Europe/Tallinn EG=Africa/Cairo EH=Africa/El_Aaiun " +
  "ER=Africa/Asmara ET=Africa/Addis_Ababa FI=Europe/Helsinki FJ=Pacific/Fiji " +
  "FK=Atlantic/Stanley FO=Atlantic/Faroe FR=Europe/Paris GA=Africa/Libreville " +
  "GB=Europe/London GD=America/Grenada GE=Asia/Tbilisi GF=America/Cayenne " +
  "GG=Europe/Guernsey GH=Africa/Accra GI=Europe/Gibraltar GM=Africa/Banjul " +
  "GN=Africa/Conakry GP=America/Guadeloupe GQ=Africa/Malabo GR=Europe/Athens " +
  "GS=Atlantic/South_Georgia GT=America/Guatemala GU=Pacific/Guam GW=Africa/Bissau " +
  "GY=America/Guyana HK=Asia/Hong_Kong HN=America/Tegucigalpa HR=Europe/Zagreb " +
  "HT=America/Port-au-Prince HU=Europe/Budapest IE=Europe/Dublin IL=Asia/Jerusalem " +
  "IM=Europe/Isle_of_Man IN=Asia/Kolkata IO=Indian/Chagos IQ=Asia/Baghdad IR=Asia/Tehran " +
  "IS=Atlantic/Reykjavik IT=Europe/Rome JE=Europe/Jersey JM=America/Jamaica JO=Asia/Amman " +
  "JP=Asia/Tokyo KE=Africa/Nairobi KG=Asia/Bishkek KH=Asia/Phnom_Penh KM=Indian/Comoro " +
  "KN=America/St_Kitts KP=Asia/Pyongyang KR=Asia/Seoul KW=Asia/Kuwait KY=America/Cayman " +
  "LA=Asia/Vientiane LB=Asia/Beirut LC=America/St_Lucia LI=Europe/Vaduz LK=Asia/Colombo " +
  "LR=Africa/Monrovia LS=Africa/Maseru LT=Europe/Vilnius LU=Europe/Luxembourg " +
  "LV=Europe/Riga LY=Africa/Tripoli MA=Africa/Casablanca MC=Europe/Monaco " +
  "MD=Europe/Chisinau ME=Europe/Podgorica MF=America/Marigot MG=Indian/Antananarivo " +
  "MK=Europe/Skopje ML=Africa/Bamako MM=Asia/Yangon MO=Asia/Macau MP=Pacific/Saipan " +
  "MQ=America/Martinique MR=Africa/Nouakchott MS=America/Montserrat MT=Europe/Malta " +
  "MU=Indian/Mauritius MV=Indian/Maldives MW=Africa/Blantyre MZ=Africa/Maputo " +
  "NA=Africa/Windhoek NC=Pacific/Noumea NE=Africa/Niamey NF=Pacific/Norfolk " +
  "NG=Africa/Lagos NI=America/Managua NL=Europe/Amsterdam NO=Europe/Oslo " +
  "NP=Asia/Kathmandu NR=Pacific/Nauru NU=Pacific/Niue OM=Asia/Muscat PA=America/Panama " +
  "PE=America/Lima PH=Asia/Manila PK=Asia/Karachi PL=Europe/Warsaw PM=America/Miquelon " +
  "PN=Pacific/Pitcairn PR=America/Puerto_Rico PW=Pacific/Palau PY=America/Asuncion " +
  "QA=Asia/Qatar RE=Indian/Reunion RO=Europe/Bucharest RS=Europe/Belgrade " +
  "RW=Africa/Kigali SA=Asia/Riyadh SB=Pacific/Guadalcanal SC=Indian/Mahe " +
  "SD=Africa/Khartoum SE=Europe/Stockholm SG=Asia/Singapore SH=Atlantic/St_Helena " +
  "SI=Europe/Ljubljana SJ=Arctic/Longyearbyen SK=Europe/Bratislava SL=Africa/Freetown " +
  "SM=Europe/San_Marino SN=Africa/Dakar SO=Africa/Mogadishu SR=America/Paramaribo " +
  "SS=Africa/Juba ST=Africa/Sao_Tome SV=America/El_Salvador SX=America/Lower_Princes " +
  "SY=Asia/Damascus SZ=Africa/Mbabane TC=America/Grand_Turk TD=Africa/Ndjamena " +
  "TF=Indian/Kerguelen TG=Africa/Lome TH=Asia/Bangkok TJ=Asia/Dushanbe TK=Pacific/Fakaofo " +
  "TL=Asia/Dili TM=Asia/Ashgabat TN=Africa/Tunis TO=Pacific/Tongatapu TR=Europe/Istanbul " +
  "TT=America/Port_of_Spain TV=Pacific/Funafuti TW=Asia/Taipei TZ=Africa/Dar_es_Salaam " +
  "UG=Africa/Kampala UY=America/Montevideo VA=Europe/Vatican VC=America/St_Vincent " +
  "VE=America/Caracas VG=America/Tortola VI=America/St_Thomas VN=Asia/Ho_Chi_Minh " +
  "VU=Pacific/Efate WF=Pacific/Wallis WS=Pacific/Apia YE=Asia/Aden YT=Indian/Mayotte " +
  "ZA=Africa/Johannesburg ZM=Africa/Lusaka ZW=Africa/Harare";

/** Countries with several zones, and the one in which most of their freight moves. */
const MAIN_ZONE =
  "AR=America/Argentina/Buenos_Aires BR=America/Sao_Paulo CL=America/Santiago " +
  "CD=Africa/Kinshasa EC=America/Guayaquil ES=Europe/Madrid " +
  "ID=Asia/Jakarta KZ=Asia/Almaty MN=Asia/Ulaanbaatar MX=America/Mexico_City " +
  "PF=Pacific/Tahiti PG=Pacific/Port_Moresby " +
  "PS=Asia/Hebron PT=Europe/Lisbon";

/**
 * States and provinces by `country-code`; `?` marks those where much freight moves on both sides
 * of a zone border.
 */
const AREAS =
  "US-AL=America/Chicago US-AK=America/Anchorage US-AZ=America/Phoenix US-AR=America/Chicago " +
  "US-CA=America/Los_Angeles US-CO=America/Denver US-CT=America/New_York US-DE=America/New_York " +
  "US-DC=America/New_York US-FL=America/New_York? US-GA=America/New_York US-HI=Pacific/Honolulu " +
  "US-ID=America/Boise? US-IL=America/Chicago US-IN=America/Indiana/Indianapolis? " +
  "US-IA=America/Chicago US-KS=America/Chicago US-KY=America/New_York? US-LA=America/Chicago " +
  "US-ME=America/New_York US-MD=America/New_York US-MA=America/New_York US-MI=America/Detroit " +
  "US-MN=America/Chicago US-MS=America/Chicago US-MO=America/Chicago US-MT=America/Denver " +
  "US-NE=America/Chicago? US-NV=America/Los_Angeles US-NH=America/New_York " +
  "US-NJ=America/New_York US-NM=America/Denver US-NY=America/New_York US-NC=America/New_York " +
  "US-ND=America/Chicago? US-OH=America/New_York US-OK=America/Chicago US-OR=America/Los_Angeles " +
  "US-PA=America/New_York US-RI=America/New_York US-SC=America/New_York US-SD=America/Chicago? " +
  "US-TN=America/Chicago? US-TX=America/Chicago? US-UT=America/Denver US-VT=America/New_York " +
  "US-VA=America/New_York US-WA=America/Los_Angeles US-WV=America/New_York US-WI=America/Chicago " +
  "US-WY=America/Denver US-PR=America/Puerto_Rico US-VI=America/St_Thomas US-GU=Pacific/Guam " +
  "CA-AB=America/Edmonton CA-BC=America/Vancouver CA-MB=America/Winnipeg CA-NB=America/Moncton " +
  "CA-NL=America/St_Johns CA-NS=America/Halifax CA-NT=America/Yellowknife " +
  "CA-NU=America/Iqaluit? CA-ON=America/Toronto CA-PE=America/Halifax CA-QC=America/Toronto " +
  "CA-PQ=America/Toronto CA-SK=America/Regina CA-YT=America/Whitehorse " +
  "MX-BCN=America/Tijuana MX-BC=America/Tijuana MX-BCS=America/Mazatlan MX-BS=America/Mazatlan " +
  "MX-SON=America/Hermosillo MX-SO=America/Hermosillo MX-SIN=America/Mazatlan " +
  "MX-SI=America/Mazatlan MX-NAY=America/Mazatlan? MX-NA=America/Mazatlan? " +
  "MX-CHH=America/Chihuahua? MX-CH=America/Chihuahua? MX-ROO=America/Cancun MX-QR=America/Cancun " +
  "MX-COA=America/Monterrey? MX-CO=America/Monterrey? MX-NLE=America/Monterrey? " +
  "MX-NL=America/Monterrey? MX-TAM=America/Monterrey? MX-TM=America/Monterrey? " +
  "AU-NSW=Australia/Sydney AU-VIC=Australia/Melbourne AU-QLD=Australia/Brisbane " +
  "AU-SA=Australia/Adelaide AU-WA=Australia/Perth AU-TAS=Australia/Hobart " +
  "AU-NT=Australia/Darwin AU-ACT=Australia/Sydney";

/** Ports and ramps of countries with several zones, by UN/LOCODE. */
const LOCATIONS =
  "USNYC=America/New_York USORF=America/New_York USSAV=America/New_York USCHS=America/New_York " +
  "USBAL=America/New_York USPHL=America/New_York USMIA=America/New_York USPEF=America/New_York " +
  "USJAX=America/New_York USBOS=America/New_York USATL=America/New_York USCLT=America/New_York " +
  "USCLE=America/New_York USCMH=America/New_York USDET=America/Detroit USEWR=America/New_York " +
  "USLAX=America/Los_Angeles USLGB=America/Los_Angeles USOAK=America/Los_Angeles " +
  "USSEA=America/Los_Angeles USTIW=America/Los_Angeles USPDX=America/Los_Angeles " +
  "USHOU=America/Chicago USMSY=America/Chicago USMOB=America/Chicago USCHI=America/Chicago " +
  "USDAL=America/Chicago USMEM=America/Chicago USKCK=America/Chicago USMKC=America/Chicago " +
  "USSTL=America/Chicago USMSP=America/Chicago USLRD=America/Chicago USELP=America/Denver " +
  "USDEN=America/Denver USSLC=America/Denver USPHX=America/Phoenix USHNL=Pacific/Honolulu " +
  "CAVAN=America/Vancouver CAPRR=America/Vancouver CAMTR=America/Toronto CATOR=America/Toronto " +
  "CAHAL=America/Halifax CASJB=America/Moncton CACAL=America/Edmonton CAEDM=America/Edmonton " +
  "CAWNP=America/Winnipeg AUSYD=Australia/Sydney AUMEL=Australia/Melbourne " +
  "AUBNE=Australia/Brisbane AUFRE=Australia/Perth AUADL=Australia/Adelaide " +
  "AUDRW=Australia/Darwin MXESE=America/Tijuana BRMAO=America/Manaus RULED=Europe/Moscow " +
  "RUNVS=Europe/Moscow RUVVO=Asia/Vladivostok";

const ZONES = new Map<string, PlaceZone>();
function fill(table: string, certain: boolean): void {
  for (const entry of table.split(" ")) {
    const [key, zone] = entry.split("=") as [string, string];
    ZONES.set(key, { zone: zone.replace("?", ""), certain: certain && !zone.endsWith("?") });
  }
}
fill(ONE_ZONE, true);
fill(MAIN_ZONE, false);
fill(AREAS, true);
fill(LOCATIONS, true);

/**
 * States of the United States and Canada share no code, so that the country may be left out (X12
 * asks for a state only there). Mexico's share these with them: the likelier one is taken, and not
 * called certain.
 */
const STATE_COUNTRIES = ["US", "CA"];
const SHARED_STATES: Readonly<Record<string, string>> = {
  NL: "MX",
  BC: "CA",
  CO: "US",
  MI: "US",
  MO: "US",
};

export interface PlaceNames {
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  state?: string | undefined;
  unlocode?: string | undefined;
}

/** The zone of a place, or nothing when its names do not tell. */
export function zoneOfPlace({ country, state, unlocode }: PlaceNames): PlaceZone | undefined {
  const location = unlocode?.toUpperCase();
  const exact = location === undefined ? undefined : ZONES.get(location);
  if (exact !== undefined) return exact;
  const land = country?.toUpperCase() ?? location?.slice(0, 2);
  const area = state?.trim().toUpperCase();
  if (area !== undefined) {
    const found = land === undefined ? zoneOfState(area) : ZONES.get(`${land}-${area}`);
    if (found !== undefined) return found;
  }
  return land === undefined ? undefined : ZONES.get(land);
}

function zoneOfState(area: string): PlaceZone | undefined {
  const shared = Object.hasOwn(SHARED_STATES, area) ? SHARED_STATES[area] : undefined;
  if (shared !== undefined) {
    const likelier = ZONES.get(`${shared}-${area}`);
    return likelier && { ...likelier, certain: false };
  }
  for (const country of STATE_COUNTRIES) {
    const found = ZONES.get(`${country}-${area}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
