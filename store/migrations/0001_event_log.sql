-- The log: the rows of the eventsourcing library, as its own recorders lay them out.
CREATE TABLE stored_events (
    originator_id      uuid   NOT NULL,
    originator_version bigint NOT NULL,
    topic              text   NOT NULL,
    state              bytea  NOT NULL,
    notification_id    bigserial,
    PRIMARY KEY (originator_id, originator_version)
);
CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id);
CREATE TYPE stored_event_uuid AS (originator_id uuid, originator_version bigint, topic text, state bytea);

-- One row per command that was carried out; its reply is what the same command gets when it is sent again.
CREATE TABLE commands (
    command_id  uuid        PRIMARY KEY,
    fingerprint bytea       NOT NULL,
    position    bigint      NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL,
    reply       jsonb       NOT NULL
);

-- What is recorded stays as it is, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what is recorded is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER stored_events_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE stored_events ENABLE ALWAYS TRIGGER stored_events_are_immutable;
CREATE TRIGGER commands_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON commands
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE commands ENABLE ALWAYS TRIGGER commands_are_immutable;

-- The role under which the product runs: it appends and reads, nothing else.
DO $$ BEGIN CREATE ROLE tiaochu_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
REVOKE ALL ON stored_events, commands FROM PUBLIC;
GRANT SELECT, INSERT ON stored_events, commands TO tiaochu_app;
GRANT USAGE ON SEQUENCE stored_events_notification_id_seq TO tiaochu_app;
GRANT SELECT ON schema_migrations TO tiaochu_app;
