/** Many shipments out of few, in SQL: telling 100,000 of them takes longer than measuring them. */
import type { OdooDatabase } from "../../tools/odoo/odoo.ts";

/** A row with other values, whatever columns its table has. In FROM, so that it is made once. */
const changed = (alias: string, values: string) =>
  `jsonb_populate_record(${alias}, jsonb_build_object(${values})) AS changed`;

const copyShipments = (more: string) => `
  INSERT INTO milepost_shipment
  SELECT changed.*
    FROM copies c JOIN milepost_shipment s ON s.id = c.source,
         ${changed(
           "s",
           `'id', c.id, 'name', 'SHP/COPY/' || c.id, 'uid', gen_random_uuid(),
            'consignment_uid', gen_random_uuid()${more}`,
         )};
  INSERT INTO milepost_stop
  SELECT changed.*
    FROM copies c JOIN milepost_stop stop ON stop.shipment_id = c.source,
         ${changed(
           "stop",
           `'id', nextval('milepost_stop_id_seq'), 'shipment_id', c.id, 'key', gen_random_uuid(),
            'arrived_milestone_id', null, 'departed_milestone_id', null,
            'estimated_milestone_id', null, 'completed_milestone_id', null`,
         )};`;

const copies = (count: string, source: string) => `
  CREATE TEMP TABLE copies AS
  SELECT id AS source, nextval('milepost_shipment_id_seq') AS id, n
    FROM (SELECT array_agg(id ORDER BY id) AS ids FROM milepost_shipment WHERE ${source}) given,
         generate_series(1, ${count}) AS n, unnest(ARRAY[given.ids[1 + n % array_length(given.ids, 1)]]) AS id;`;

const IS_OPEN = "state NOT IN ('delivered', 'partially_delivered', 'refused', 'returned')";

/** Copies the open shipments, with their stops and facts, until there are so many. */
export async function multiply(odoo: OdooDatabase, open: number): Promise<void> {
  const missing = `${open} - (SELECT count(*)::int FROM milepost_shipment WHERE ${IS_OPEN})`;
  await odoo.sql(`
    ${copies(missing, IS_OPEN)}
    ${copyShipments("")}
    INSERT INTO milepost_milestone
    SELECT changed.*
      FROM copies c JOIN milepost_milestone m ON m.shipment_id = c.source,
           ${changed(
             "m",
             "'id', nextval('milepost_milestone_id_seq'), 'shipment_id', c.id, 'stop_id', null",
           )};
    ANALYZE;`);
}

/** Copies the delivered ones into the past, an hour apart, until there are so many in all. */
export async function addClosed(odoo: OdooDatabase, all: number): Promise<void> {
  const missing = `${all} - (SELECT count(*)::int FROM milepost_shipment)`;
  const past = (column: string) => `'${column}', s.${column} - (24 + c.n) * interval '1 hour'`;
  await odoo.sql(`
    ${copies(missing, "state = 'delivered'")}
    ${copyShipments(`, ${past("delivered_at")}, ${past("planned_delivery_at")}`)}
    ANALYZE;`);
}
