-- Events that a read model could not take: their streams wait, the others go on.
CREATE TABLE parked_streams (
    projection text        NOT NULL,
    stream     uuid        NOT NULL,
    position   bigint      NOT NULL,
    topic      text        NOT NULL,
    error      text        NOT NULL,
    parked_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, stream)
);
COMMENT ON COLUMN parked_streams.position IS 'of the first event of the stream that was not taken';
GRANT SELECT, INSERT, DELETE ON parked_streams TO tiaochu_app;
