-- Which time limit of a case does something by itself, and from when on; and the version of its procedure. The case list
-- is filled anew from the log.
DO $$ BEGIN
    IF NOT pg_try_advisory_xact_lock(5207003) THEN
        RAISE EXCEPTION 'a worker is running: stop it before migrating, it writes the case list as it was';
    END IF;
END $$;
TRUNCATE caseload;
ALTER TABLE caseload
    ADD COLUMN procedure_version integer NOT NULL,
    ADD COLUMN fires_at    timestamptz,
    ADD COLUMN fires_clock text,
    ADD COLUMN last_day    date;
COMMENT ON COLUMN caseload.fires_at IS 'from when on the time limit moves or ends the case; NULL where none does';
COMMENT ON COLUMN caseload.last_day IS 'of the time limit that fires';
CREATE INDEX caseload_fires_idx ON caseload (fires_at, dispute) WHERE fires_at IS NOT NULL;
CREATE INDEX caseload_procedure_idx ON caseload (procedure, procedure_version, opened) WHERE status <> 'closed';
DELETE FROM projection_positions WHERE name = 'caseload';
DELETE FROM parked_streams WHERE projection = 'caseload';
