-- How each case stood from one day to the next; `until` is the day of the next change, NULL for how it stands now.
CREATE TABLE case_spells (
    dispute     uuid     NOT NULL,
    place       integer  NOT NULL,
    unit        text     NOT NULL COLLATE "C",
    category    text     NOT NULL,
    procedure   text     NOT NULL,
    version     bigint   NOT NULL,
    since       date     NOT NULL,
    until       date,
    status      text     NOT NULL,
    outcome     text,
    tier        text     NOT NULL,
    height      smallint NOT NULL,
    platform    text     NOT NULL COLLATE "C",
    mediators   text[]   NOT NULL,
    number      text,
    case_version bigint  NOT NULL,
    due_on      date,
    due_kind    text,
    provisional boolean  NOT NULL,
    deadlines   jsonb    NOT NULL,
    PRIMARY KEY (dispute, place)
);
COMMENT ON COLUMN case_spells.version IS 'of the procedure to which the case is pinned';
COMMENT ON COLUMN case_spells.due_on IS 'the first day by which something must be done; a right that may lapse is none';
CREATE INDEX case_spells_unit_idx ON case_spells (unit text_pattern_ops, since);
CREATE INDEX case_spells_present_idx ON case_spells (due_on) WHERE until IS NULL AND due_on IS NOT NULL;
CREATE INDEX case_spells_provisional_idx ON case_spells (dispute) WHERE provisional;

-- What figures count, on its day.
CREATE TABLE case_steps (
    dispute     uuid     NOT NULL,
    place       integer  NOT NULL,
    unit        text     NOT NULL COLLATE "C",
    category    text     NOT NULL,
    procedure   text     NOT NULL,
    version     bigint   NOT NULL,
    kind        text     NOT NULL,
    day         date     NOT NULL,
    tier        text     NOT NULL,
    height      smallint NOT NULL,
    platform    text     NOT NULL COLLATE "C",
    mediators   text[]   NOT NULL,
    detail      text,
    held        integer,
    held_there  integer,
    last_chance boolean  NOT NULL,
    PRIMARY KEY (dispute, place)
);
CREATE INDEX case_steps_unit_idx ON case_steps (unit text_pattern_ops, day);
CREATE INDEX case_steps_day_idx ON case_steps (day, kind);

-- The ledger: one row a case that has a number, kept as it is written.
CREATE TABLE ledger (
    dispute     uuid    PRIMARY KEY,
    unit        text    NOT NULL COLLATE "C",
    year        integer NOT NULL,
    accepted_on date    NOT NULL,
    number      text    NOT NULL COLLATE "C",
    entry       jsonb   NOT NULL
);
CREATE INDEX ledger_year_idx ON ledger (year, accepted_on, number, dispute);
CREATE INDEX ledger_unit_idx ON ledger (unit text_pattern_ops, year);
CREATE INDEX ledger_number_idx ON ledger (number);

-- The case list is found by who the parties are, too; its worker fills it anew.
TRUNCATE caseload;
ALTER TABLE caseload ADD COLUMN party_keys text[] NOT NULL;
DROP INDEX caseload_due_idx;
CREATE INDEX caseload_due_idx ON caseload (due_on, opened DESC);
CREATE INDEX caseload_party_keys_idx ON caseload USING gin (party_keys);
DELETE FROM projection_positions WHERE name = 'caseload';

GRANT SELECT, INSERT, UPDATE, DELETE ON case_spells, case_steps, ledger TO tiaochu_app;
