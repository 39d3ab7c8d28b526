-- A copy of the database must not order transport, nor take facts that are meant for the original:
-- the exchange refuses archived connections, and a claimed order is the original's to send.
UPDATE milepost_connection SET auto_transport_order = false, active = false, is_default = false;
UPDATE milepost_outbox
   SET state = 'cancelled', lease = NULL, leased_until = NULL
 WHERE state IN ('queued', 'claimed');
-- A copy belongs to the environment of the bridge that speaks to it first.
DELETE FROM ir_config_parameter WHERE key = 'milepost.environment';
-- The bridge's keys open the original; in a copy nobody needs them.
DELETE FROM res_users_apikeys
 WHERE user_id IN (
    SELECT link.uid
      FROM res_groups_users_rel link
      JOIN ir_model_data data ON data.res_id = link.gid AND data.model = 'res.groups'
     WHERE data.module = 'milepost' AND data.name = 'group_bridge');
