-- Facts that Odoo could not place, for those who look for the cause.
CREATE INDEX fact_unmatched ON fact (seq) WHERE state = 'unmatched';
