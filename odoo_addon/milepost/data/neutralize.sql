-- A copy of the database must not order transport, nor take facts meant for the original.
UPDATE milepost_connection SET auto_transport_order = false, active = false;
UPDATE milepost_outbox SET state = 'cancelled' WHERE state IN ('queued', 'claimed');
