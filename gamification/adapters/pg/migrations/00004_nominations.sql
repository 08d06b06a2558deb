-- +goose Up

-- Whom members propose for an achievement. The grant of an approved one is not referred to: it may be erased with its recipient.
CREATE TABLE nominations (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    achievement_id  uuid        NOT NULL,
    nominee_id      uuid        NOT NULL,
    nominator_id    uuid        NOT NULL, -- the zero UUID after the nominator was erased
    text            text        NOT NULL CHECK (char_length(text) <= 1000),
    status          text        NOT NULL CHECK (status IN ('open', 'approved', 'declined')),
    created_at      timestamptz NOT NULL,
    decided_at      timestamptz,
    decided_by      uuid,
    decision_reason text        NOT NULL CHECK (char_length(decision_reason) <= 1000),
    grant_id        uuid,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT nominations_decided CHECK ((status = 'open') = (decided_at IS NULL)),
    CONSTRAINT nominations_granted CHECK ((status = 'approved') = (grant_id IS NOT NULL)),
    CONSTRAINT nominations_achievement FOREIGN KEY (tenant_id, achievement_id) REFERENCES achievements (tenant_id, id)
);
CREATE UNIQUE INDEX nominations_once ON nominations (tenant_id, achievement_id, nominee_id, nominator_id)
    WHERE status = 'open' AND nominator_id <> '00000000-0000-0000-0000-000000000000';
CREATE INDEX nominations_by_status ON nominations (tenant_id, status, id DESC);
CREATE INDEX nominations_of_nominator ON nominations (tenant_id, nominator_id, id DESC);
CREATE INDEX nominations_of_nominee ON nominations (tenant_id, nominee_id, id);
SELECT updspace_protect('nominations');
