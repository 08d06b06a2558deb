package domain

import (
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// PermissionManage is the right to decide where a tenant's events are sent.
const PermissionManage authz.Permission = "activity.webhooks.manage"

// The errors of webhooks.
var (
	ErrEndpointNotFound = errs.New(errs.NotFound, "WEBHOOK_NOT_FOUND", "This webhook does not exist.")
	ErrDeliveryNotFound = errs.New(errs.NotFound, "DELIVERY_NOT_FOUND", "This delivery does not exist, or is too old.")
	ErrTooManyEndpoints = errs.New(errs.Conflict, "TOO_MANY_WEBHOOKS", "There are as many webhooks as one tenant may have.")
	ErrNotActive        = errs.New(errs.Conflict, "WEBHOOK_NOT_ACTIVE", "Nothing is sent to this webhook at present. Switch it on first.")
	ErrNoSecret         = errs.New(errs.Conflict, "WEBHOOK_HAS_NO_SECRET", "Messages to Discord are not signed, so this webhook has no secret.")
	ErrStillWaiting     = errs.New(errs.Conflict, "DELIVERY_WAITING", "This delivery is still waiting to be sent.")
	ErrQueueFull        = errs.New(errs.RateLimited, "WEBHOOK_QUEUE_FULL", "Too many deliveries to this webhook are waiting.")
)
