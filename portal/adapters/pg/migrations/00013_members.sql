-- +goose Up

-- Whether the person is a member of the tenant now. Profiles are made for members, so until something else is told, he is.
ALTER TABLE profiles ADD COLUMN member boolean NOT NULL DEFAULT true;
