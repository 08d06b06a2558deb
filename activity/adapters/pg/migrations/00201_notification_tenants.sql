-- +goose Up

-- The slug of the tenant, for the links in mails, as identity tells.
CREATE TABLE notification_tenants (
    tenant_id uuid PRIMARY KEY,
    slug      text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 63)
);
SELECT updspace_protect('notification_tenants');
