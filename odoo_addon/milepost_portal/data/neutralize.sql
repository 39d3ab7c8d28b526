-- A copy of the database writes to no carrier and no customer.
UPDATE milepost_connection SET remind_after_hours = 0;
UPDATE res_company SET milepost_notices = false;
