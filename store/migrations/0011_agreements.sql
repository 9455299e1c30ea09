-- The ledger keeps what was agreed when a case is taken up again; its rows are filled anew from the log.
DO $$ BEGIN
    IF NOT pg_try_advisory_xact_lock(5207003) THEN
        RAISE EXCEPTION 'a worker is running: stop it before migrating, it writes the ledger as it was';
    END IF;
END $$;
TRUNCATE ledger;
DELETE FROM projection_positions WHERE name = 'ledger';
DELETE FROM parked_streams WHERE projection = 'ledger';
