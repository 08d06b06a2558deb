-- +goose Up

-- Accounts of system administrators, as identity's events tell. Access allows them what no role of theirs does.
CREATE TABLE system_administrators (
    user_id uuid NOT NULL PRIMARY KEY
);
