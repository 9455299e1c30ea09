-- Who mediates where is answered from the streams of the platforms, as of any day: nobody reads this table.
DO $$ BEGIN
    IF NOT pg_try_advisory_xact_lock(5207003) THEN
        RAISE EXCEPTION 'a worker is running: stop it before migrating, it writes the table that goes';
    END IF;
END $$;
DROP TABLE mediators;
