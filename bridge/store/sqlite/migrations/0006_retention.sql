-- What has ended is found by its age.
CREATE INDEX outbox_item_lease ON outbox_item (lease_until);
CREATE INDEX dead_letter_replayed ON dead_letter (replayed_at) WHERE replayed_at IS NOT NULL;
CREATE INDEX dead_letter_created ON dead_letter (created_at);
