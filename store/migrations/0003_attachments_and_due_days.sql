-- Files of cases, beside the events: the event holds their hash. Stored before the event, so that no event names a
-- file that is not there; what no carried-out command came to name is swept away.
CREATE TABLE attachments (
    attachment uuid        PRIMARY KEY,
    dispute    uuid        NOT NULL,
    command_id uuid        NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attachments_stored_at_idx ON attachments (stored_at);
CREATE TABLE attachment_chunks (
    attachment uuid  NOT NULL REFERENCES attachments ON DELETE CASCADE,
    place      int   NOT NULL,
    content    bytea NOT NULL,
    PRIMARY KEY (attachment, place)
);
ALTER TABLE attachment_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON attachments, attachment_chunks TO tiaochu_app;

-- The case list learns who the parties are, as identities, and what is due first; its worker fills it anew.
TRUNCATE caseload;
ALTER TABLE caseload ADD COLUMN persons uuid[] NOT NULL, ADD COLUMN due_on date, ADD COLUMN provisional boolean NOT NULL;
COMMENT ON COLUMN caseload.due_on IS 'the first day by which something must be done; a right that may lapse is none';
CREATE INDEX caseload_due_idx ON caseload (due_on, opened) WHERE due_on IS NOT NULL;
CREATE INDEX caseload_persons_idx ON caseload USING gin (persons) WHERE status <> 'closed';
DELETE FROM projection_positions WHERE name = 'caseload';
