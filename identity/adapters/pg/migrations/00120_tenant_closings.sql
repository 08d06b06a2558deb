-- +goose Up

-- Closed tenants whose members are being told by mail.
CREATE TABLE tenant_closings (
    tenant_id uuid PRIMARY KEY REFERENCES tenants,
    reason    text NOT NULL CHECK (length(reason) <= 500),
    told      uuid NOT NULL -- the last member who was told; members are told in the order of their ids
);
SELECT updspace_protect('tenant_closings');
