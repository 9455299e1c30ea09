-- The case list is sorted by the day of filing and shows the parties, what waits for a second person and which rules moved
-- a case. A joint case is found by each of its units, here, among the deadlines and in the ledger. What a voided escalation
-- moved is no milestone any more. The three read models are filled anew from the log.
DO $$ BEGIN
    IF NOT pg_try_advisory_xact_lock(5207003) THEN
        RAISE EXCEPTION 'a worker is running: stop it before migrating, it writes the read models as they were';
    END IF;
END $$;
TRUNCATE caseload, appointments, case_spells, case_steps, ledger;
ALTER TABLE caseload
    ADD COLUMN filed_on   date   NOT NULL,
    ADD COLUMN units      text[] NOT NULL,
    ADD COLUMN co_units   text[] NOT NULL,
    ADD COLUMN past_keys  text[] NOT NULL,
    ADD COLUMN parties    jsonb  NOT NULL,
    ADD COLUMN pending    jsonb  NOT NULL,
    ADD COLUMN rules      text[] NOT NULL;
COMMENT ON COLUMN caseload.units IS 'its own and its co-units, with all above them: whose case it is';
COMMENT ON COLUMN caseload.past_keys IS 'party keys and persons of now and of before';
COMMENT ON COLUMN caseload.pending IS 'proposals that wait for a second person, each with those who may not decide on it';
CREATE INDEX caseload_filed_idx ON caseload (filed_on DESC, opened DESC);
CREATE INDEX caseload_units_idx ON caseload USING gin (units);
CREATE INDEX caseload_past_keys_idx ON caseload USING gin (past_keys);
CREATE INDEX caseload_pending_idx ON caseload (filed_on DESC, opened DESC) WHERE pending <> '[]';
ALTER TABLE case_spells ADD COLUMN units text[] NOT NULL;
CREATE INDEX case_spells_units_idx ON case_spells USING gin (units);
ALTER TABLE ledger ADD COLUMN units text[] NOT NULL;
CREATE INDEX ledger_units_idx ON ledger USING gin (units);
DELETE FROM projection_positions WHERE name IN ('caseload', 'lifelines', 'ledger');
DELETE FROM parked_streams WHERE projection IN ('caseload', 'lifelines', 'ledger');
