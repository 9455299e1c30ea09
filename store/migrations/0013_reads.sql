-- Who looked at which case, as what, why, and whether it was shown: written before the reply, never changed.
CREATE TABLE reads (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    sub      text        NOT NULL,
    sub_key  text        NOT NULL,
    role     text        NOT NULL,
    unit     text,
    dispute  uuid        NOT NULL,
    what     text        NOT NULL,
    purpose  text,
    decision text        NOT NULL CHECK (decision IN ('allowed', 'refused'))
);
COMMENT ON COLUMN reads.sub_key IS 'the subject, folded: it is compared by it';
COMMENT ON COLUMN reads.dispute IS 'as it was asked for; a refused look may name a case that does not exist';
CREATE INDEX reads_dispute_idx ON reads (dispute, id DESC);
CREATE INDEX reads_sub_idx ON reads (sub_key, id DESC);
GRANT SELECT, INSERT ON reads TO tiaochu_app;
