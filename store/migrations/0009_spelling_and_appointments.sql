-- Cases are found by folded texts, whatever the spelling; sessions that were called have a table of their own. Both are
-- filled anew from the log, by the projection of the case list.
DO $$ BEGIN
    IF NOT pg_try_advisory_xact_lock(5207003) THEN
        RAISE EXCEPTION 'a worker is running: stop it before migrating, it writes the case list as it was';
    END IF;
END $$;
TRUNCATE caseload;
ALTER TABLE caseload
    ADD COLUMN number_key text,
    ADD COLUMN title_key  text NOT NULL;
COMMENT ON COLUMN caseload.party_keys IS 'names, telephones and identity numbers of the parties, folded';
COMMENT ON COLUMN caseload.number_key IS 'the case number, folded';
COMMENT ON COLUMN caseload.title_key IS 'the title, folded';

CREATE TABLE appointments (
    dispute   uuid        NOT NULL,
    number    integer     NOT NULL,
    at        timestamptz NOT NULL,
    place     text,
    place_key text,
    method    text        NOT NULL,
    state     text        NOT NULL,
    PRIMARY KEY (dispute, number)
);
COMMENT ON COLUMN appointments.number IS 'of the appointment in its case';
COMMENT ON COLUMN appointments.place_key IS 'the place, folded';
CREATE INDEX appointments_at_idx ON appointments (at, dispute, number);

-- Duplicates count in no figure.
CREATE INDEX case_spells_duplicate_idx ON case_spells (dispute) WHERE outcome = 'duplicate';

GRANT SELECT, INSERT, UPDATE, DELETE ON appointments TO tiaochu_app;
DELETE FROM projection_positions WHERE name = 'caseload';
DELETE FROM parked_streams WHERE projection = 'caseload';
