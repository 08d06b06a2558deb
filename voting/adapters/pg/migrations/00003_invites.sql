-- +goose Up

-- Invites to polls that were not accepted: those become participants. Declined ones stay for those who manage the poll.
CREATE TABLE invites (
    tenant_id  uuid        NOT NULL,
    poll_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('owner', 'admin', 'moderator', 'observer', 'participant')),
    invited_by uuid        NOT NULL,
    made_at    timestamptz NOT NULL,
    status     text        NOT NULL CHECK (status IN ('pending', 'declined')),
    PRIMARY KEY (tenant_id, poll_id, user_id),
    CONSTRAINT invites_poll FOREIGN KEY (tenant_id, poll_id) REFERENCES polls (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX invites_pending ON invites (tenant_id, user_id, made_at DESC, poll_id);
CREATE INDEX invites_author ON invites (tenant_id, invited_by);
SELECT updspace_protect('invites');
