-- How far each read model has followed the log. Rows and position move in one transaction.
CREATE TABLE projection_positions (
    name       text        PRIMARY KEY,
    position   bigint      NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The case list: one row a dispute.
CREATE TABLE caseload (
    dispute      uuid        PRIMARY KEY,
    number       text,
    unit         text        NOT NULL COLLATE "C",
    platform     text        NOT NULL COLLATE "C",
    platforms    text[]      NOT NULL,
    tier         text        NOT NULL,
    status       text        NOT NULL,
    outcome      text,
    category     text        NOT NULL,
    difficulty   text,
    source       text        NOT NULL,
    title        text        NOT NULL,
    mediators    text[]      NOT NULL,
    procedure    text        NOT NULL,
    filed_at     timestamptz NOT NULL,
    moved_at     timestamptz NOT NULL,
    version      bigint      NOT NULL,
    opened       bigint      NOT NULL UNIQUE
);
COMMENT ON COLUMN caseload.opened IS 'position of the filing in the log: the order of the list';
CREATE INDEX caseload_unit_idx ON caseload (unit text_pattern_ops, opened);
CREATE INDEX caseload_open_idx ON caseload (tier, status, opened) WHERE status <> 'closed';
CREATE INDEX caseload_mediators_idx ON caseload USING gin (mediators);

-- The map: units, platforms with their people, procedures in force.
CREATE TABLE units (
    unit  text PRIMARY KEY COLLATE "C",
    title text NOT NULL,
    kind  text NOT NULL
);
CREATE TABLE platforms (
    unit           text PRIMARY KEY COLLATE "C",
    tier           text NOT NULL,
    title          text NOT NULL,
    number_pattern text,
    convener       text NOT NULL,
    panel          text[] NOT NULL,
    groups         text[] NOT NULL
);
CREATE TABLE mediators (
    unit         text NOT NULL COLLATE "C",
    mediator     text NOT NULL COLLATE "C",
    name         text NOT NULL,
    kind         text NOT NULL,
    appointed_on date NOT NULL,
    term_ends_on date NOT NULL,
    PRIMARY KEY (unit, mediator)
);
CREATE TABLE procedures (
    id      text   NOT NULL COLLATE "C",
    version bigint NOT NULL,
    ladder  jsonb  NOT NULL,
    PRIMARY KEY (id, version)
);

GRANT SELECT, INSERT, UPDATE, DELETE
    ON projection_positions, caseload, units, platforms, mediators, procedures TO tiaochu_app;
