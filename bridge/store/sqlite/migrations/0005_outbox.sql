-- The table holds every item of Odoo's outbox: orders, changes, cancellations, outcomes.
ALTER TABLE outbound_order RENAME TO outbox_item;
DROP INDEX outbound_order_open;
CREATE INDEX outbox_item_open ON outbox_item (connection) WHERE state IN ('claimed', 'answered');
