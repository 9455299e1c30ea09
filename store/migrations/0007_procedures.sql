-- Procedures tell since when they are in force, and what is proposed; calendars can be listed. What was published before
-- is taken from the log: these are few events, found by their own index. What a ladder of the first topic left unsaid is
-- told as the program reads it (a compound has no committee). A worker of the version before may still write
-- a row without the new columns; the default then says about when.
ALTER TABLE procedures ADD COLUMN decided_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN published_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN procedures.decided_at IS 'when the second person decided, as they told';
COMMENT ON COLUMN procedures.published_at IS 'since when disputes are filed under it: when it was recorded';
CREATE TABLE procedure_proposals (
    id          text        NOT NULL COLLATE "C",
    version     bigint      NOT NULL,
    ladder      jsonb       NOT NULL,
    proposed_by text        NOT NULL,
    proposed_at timestamptz NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TABLE procedure_rejections (
    id         text        NOT NULL COLLATE "C",
    version    bigint      NOT NULL,
    note       text,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TABLE calendars (
    year         bigint      PRIMARY KEY,
    days_off     date[]      NOT NULL,
    workdays     date[]      NOT NULL,
    basis        text        NOT NULL,
    published_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON procedure_proposals, procedure_rejections, calendars TO tiaochu_app;

WITH policies AS MATERIALIZED (
    SELECT topic, convert_from(state, 'UTF8')::jsonb AS told FROM stored_events
    WHERE topic NOT LIKE 'dispute.%' AND topic NOT LIKE 'register.%'
      AND (topic LIKE 'procedure.published.%' OR topic = 'calendar.published.v1')
), filled AS (
    INSERT INTO calendars
    SELECT (told -> 'data' ->> 'year')::bigint,
           ARRAY(SELECT jsonb_array_elements_text(told -> 'data' -> 'days_off')::date),
           ARRAY(SELECT jsonb_array_elements_text(told -> 'data' -> 'workdays')::date),
           told -> 'data' ->> 'basis', (told ->> 'recorded_at')::timestamptz
    FROM policies WHERE topic = 'calendar.published.v1'
)
UPDATE procedures p
SET ladder = CASE WHEN topic = 'procedure.published.v1' THEN jsonb_set(told -> 'data' -> 'ladder', '{tiers}', (
        SELECT jsonb_agg(tier || jsonb_build_object('committee', tier ->> 'name' <> 'compound') ORDER BY place)
        FROM jsonb_array_elements(told -> 'data' -> 'ladder' -> 'tiers') WITH ORDINALITY AS t (tier, place)))
        ELSE told -> 'data' -> 'ladder' END,
    decided_at = (told -> 'data' ->> 'occurred_at')::timestamptz, published_at = (told ->> 'recorded_at')::timestamptz
FROM policies
WHERE topic <> 'calendar.published.v1'
  AND p.id = told -> 'data' -> 'ladder' ->> 'id' AND p.version = (told -> 'data' ->> 'version')::bigint;
