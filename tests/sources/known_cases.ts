/** What is right of each message in `cases`, and why. */

export interface KnownCase {
  right: string;
  lines: string[];
}

export const KNOWN_CASES: Readonly<Record<string, KnownCase>> = {
  "aftership_local_time_known_country.json": {
    right: "a local time is that of the place, inferred",
    lines: [
      "delivered actual 2024-07-10T15:03:00Z Europe/Berlin? | entity=x1 tracking=RR123456785DE shipment=SHIP0042 customer_ref=SHIP0042",
    ],
  },
  "contrl_rejects_our_order.edi": {
    right: "a rejection of our order is told to it, and an error",
    lines: [
      "?CONTRL/4 actual 2024-07-10T15:00:00Z ? other | entity=IFTMIN/77",
      "error interchange_rejected",
      "error message_rejected",
    ],
  },
  "easypost_returned_then_delivered.json": {
    right: "delivered while it is returned is the sender's own door, without a proof",
    lines: [
      "in_transit actual 2024-07-09T10:00:00Z UTC | entity=trk_1 tracking=1Z999AA10123456784",
      "returned actual 2024-07-10T10:00:00Z UTC | entity=trk_1 tracking=1Z999AA10123456784",
      "returned actual 2024-07-12T10:00:00Z UTC | entity=trk_1 tracking=1Z999AA10123456784",
    ],
  },
  "edifact_una_control_separators.edi": {
    right: "the signs of level B separate",
    lines: [
      "delivered actual 2024-01-10T10:00:00Z UTC? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "warning zone_unknown",
    ],
  },
  "edifact_una_regex_crash.edi": {
    right: "any sign may separate",
    lines: [
      "delivered actual 2024-01-10T10:00:00Z UTC? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "warning zone_unknown",
    ],
  },
  "edifact_una_repeated_same.edi": {
    right: "each interchange may have its own advice",
    lines: [
      "delivered actual 2024-01-10T10:00:00Z UTC? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "delivered actual 2024-01-11T10:00:00Z UTC? | shipment=SHIP0043 shipment_id=SHIP0043 pro=SHIP0043",
      "warning zone_unknown",
      "warning zone_unknown",
    ],
  },
  "iftsta_0000.edi": {
    right: "0000 is a time that is not known",
    lines: [
      "delivered actual 2024-01-09 (day) Europe/Berlin? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
    ],
  },
  "iftsta_2400.edi": {
    right: "2400 is the end of its day",
    lines: [
      "delivered actual 2024-01-10T23:00:00Z Europe/Berlin? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
    ],
  },
  "iftsta_303_named_zone.edi": {
    right: "a zone of three letters",
    lines: [
      "delivered actual 2024-01-10T08:30:00Z +01:00 | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
    ],
  },
  "iftsta_container_with_spaces.edi": {
    right: "a container in the one form of ISO 6346",
    lines: ["departed_terminal actual 2024-01-10T09:00:00Z Europe/Berlin? | container=MSKU1234567"],
  },
  "iftsta_date_and_401.edi": {
    right: "a time that stands apart is read with its day, and told",
    lines: [
      "delivered actual 2024-01-10T13:15:00Z Europe/Berlin? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "warning time_apart",
    ],
  },
  "iftsta_gin_range.edi": {
    right: "a range of packages names each of them",
    lines: [
      "delivered actual 2024-01-10T09:00:00Z Europe/Berlin? | sscc=340123450000000018 sscc=340123450000000025 sscc=340123450000000032 sscc=340123450000000049 shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "proof 2024-01-10T09:00:00Z Europe/Berlin? by nobody",
    ],
  },
  "iftsta_loc_country_as_name.edi": {
    right: "a country that stands as a name tells the zone",
    lines: [
      "delivered actual 2024-07-10T15:37:46Z Europe/Berlin? | tracking=1Z999AA10123456784",
      "proof 2024-07-10T15:37:46Z Europe/Berlin? by SIGNER",
    ],
  },
  "iftsta_rff_ahy.edi": {
    right: "a forwarder's number is no tracking number",
    lines: ["error no_reference"],
  },
  "iftsta_rff_awb.edi": {
    right: "an air waybill names the shipment",
    lines: ["delivered actual 2024-01-10T09:00:00Z Europe/Berlin? | mawb=020-12345675"],
  },
  "iftsta_rff_bh.edi": {
    right: "a house bill names the shipment",
    lines: ["delivered actual 2024-01-10T09:00:00Z Europe/Berlin? | bol=HBL777"],
  },
  "iftsta_status_without_dtm.edi": {
    right: "a status without a date is of its message's day, and told",
    lines: [
      "delivered actual 2024-07-10 (day) ? | shipment=SHIP0042 shipment_id=SHIP0042 pro=SHIP0042",
      "warning time_of_message",
    ],
  },
  "invoic_delivered_35.edi": {
    right: "the day of delivery belongs to the bill",
    lines: ["bill 100 EUR: misc 100"],
  },
  "invoic_payable_is_not_total.edi": {
    right: "what is left to pay is not the total, and its currency counts",
    lines: ["bill 119 EUR: misc 100, tax 19"],
  },
  "invoic_summary_alc_repeats.edi": {
    right: "a summary that repeats a charge counts it once",
    lines: ["bill 170 EUR: misc 50, linehaul 120"],
  },
  "invoic_tax_total_and_split.edi": {
    right: "taxes count once, beside their sum",
    lines: ["bill 176 EUR: misc 100, misc 50, tax 19, tax 7"],
  },
  "otm5_attached_trailer.json": {
    right: "a trailer is no cargo: it is assigned",
    lines: [
      "plan pickup delivery",
      "arrived_pickup planned 2024-07-10T06:00:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333",
      "assigned planned 2024-07-10T06:00:00Z +02:00 | entity=11111111-1111-4111-8111-111111111111",
      "loaded planned 2024-07-10T06:30:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333 entity=44444444-4444-4444-8444-444444444441",
      "arrived_delivery planned 2024-07-10T13:00:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333",
      "delivered planned 2024-07-10T13:20:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333 entity=44444444-4444-4444-8444-444444444442",
    ],
  },
  "otm5_unload_takes_time_of_its_stop.json": {
    right: "an unload happens at the time of its stop",
    lines: [
      "plan pickup delivery",
      "arrived_pickup actual 2024-07-10T06:00:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333",
      "picked_up actual 2024-07-10T06:30:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333",
      "loaded actual 2024-07-10T06:30:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333 entity=44444444-4444-4444-8444-444444444441",
      "arrived_delivery actual 2024-07-10T13:00:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333",
      "?stop/realized/end actual 2024-07-10T13:20:00Z +02:00 departed_delivery | entity=33333333-3333-4333-8333-333333333333",
      "delivered actual 2024-07-10T13:20:00Z +02:00 | entity=33333333-3333-4333-8333-333333333333 entity=44444444-4444-4444-8444-444444444442",
    ],
  },
  "shippo_returned_then_delivered.json": {
    right: "delivered while it is returned is the sender's own door, without a proof",
    lines: [
      "returned actual 2024-07-10T10:00:00Z UTC | tracking=1Z999AA10123456784",
      "returned actual 2024-07-12T10:00:00Z UTC | tracking=1Z999AA10123456784",
    ],
  },
  "x12_210_unmapped_codes.edi": {
    right: "charges by list 150",
    lines: [
      "bill 40.00 USD: detention 10.00, detention 5.00, storage_demurrage 5.00, discount -5.00, tax 20.00, redelivery_reconsignment 5.00",
    ],
  },
  "x12_214_A1_pickup_eta.edi": {
    right: "A1 is the arrival at the pickup, C1 a departure, both estimated",
    lines: [
      "eta_updated estimated 2024-07-15T14:00:00Z America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "departed_terminal estimated 2024-07-15T16:00:00Z America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "eta_updated estimated 2024-07-16T16:00:00Z America/Indiana/Indianapolis? | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
    ],
  },
  "x12_214_actual_in_2099.edi": {
    right: "what happened after it was received is an error",
    lines: [
      "delivered actual 2099-07-10T13:30:00Z America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "error ahead_of_receipt",
    ],
  },
  "x12_214_consignee_inside_lx.edi": {
    right: "a consignee inside the LX tells the zone of its stop",
    lines: [
      "delivered actual 2024-07-10T15:30:00Z America/Denver | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "delivered actual 2024-07-10T17:30:00Z America/Denver | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
    ],
  },
  "x12_214_last_free_day.edi": {
    right: "DE and PD are the last free day, planned",
    lines: [
      "last_free_day planned 2024-07-15 (day) America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "last_free_day planned 2024-07-17 (day) America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
    ],
  },
  "x12_214_repeated_hour_with_ES.edi": {
    right: "ES names the second of the hours that the clocks showed twice",
    lines: [
      "delivered actual 2024-03-10T07:30:00Z America/New_York | shipment=S shipment_id=S pro=P",
      "delivered actual 2024-11-03T05:30:00Z America/New_York | shipment=S shipment_id=S pro=P",
      "delivered actual 2024-11-03T06:30:00Z -05:00 | shipment=S shipment_id=S pro=P",
      "warning skipped_time",
      "warning repeated_time",
    ],
  },
  "x12_214_signer_inside_lx.edi": {
    right: "a signer inside the LX signs",
    lines: [
      "delivered actual 2024-07-10T13:30:00Z America/New_York | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
      "proof 2024-07-10T13:30:00Z America/New_York by R RECEIVER",
    ],
  },
  "x12_214_state_NL_without_country.edi": {
    right: "NL without a country is a guess, told as one",
    lines: [
      "arrived_pickup actual 2024-07-10T15:00:00Z America/Monterrey? | shipment=SHIP0042 shipment_id=SHIP0042 pro=PRO77001",
    ],
  },
  "x12_315_cbp_hold_PD.edi": {
    right: "PD holds at customs",
    lines: [
      "customs_hold actual 2024-07-10T13:15:00Z America/New_York | container=MSKU1234567 bol=BL77",
    ],
  },
  "x12_315_check_digit_twice.edi": {
    right: "a check digit that stands twice counts once",
    lines: [
      "departed_terminal actual 2024-07-10T13:15:00Z America/New_York | container=MSKU1234567 bol=BL77",
    ],
  },
  "x12_315_city_name_in_b411.edi": {
    right: "the event at the port of B4 is told once",
    lines: [
      "arrived_terminal actual 2024-07-10T16:15:00Z America/Los_Angeles | container=MSKU1234567 bol=BL77",
    ],
  },
  "x12_315_state_in_r408.edi": {
    right: "R408 is the state of the port",
    lines: [
      "departed_terminal actual 2024-07-10T13:15:00Z America/New_York | container=MSKU1234567 bol=BL77",
    ],
  },
  "x12_999_rejects_our_order.edi": {
    right: "a rejection of our order is told to it, and an error",
    lines: [
      "?999/R actual 2024-07-10T15:00:00Z ? other | entity=SM/77",
      "error set_rejected",
      "error group_rejected",
    ],
  },
};
