-- +goose Up

-- A keyed hash of the address that got the last mail, as identity tells: answers by mail come from that address.
ALTER TABLE invitations ADD COLUMN recipient text NOT NULL DEFAULT '' CHECK (char_length(recipient) <= 64);
