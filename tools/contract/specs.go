package contract

import (
	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/bffapi"
	decided "go.updspace.com/api/contract"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/api/votingapi"
)

// Spec is the contract of one service as it is built into the service.
type Spec struct {
	Service   string
	Load      func() (*openapi3.T, error)
	Decisions decided.Set
}

// Specs lists the services' contracts. A test compares the list with api/openapi.
var Specs = []Spec{
	{"access", accessapi.GetSpec, accessapi.Operations},
	{"bff", bffapi.GetSpec, bffapi.Operations},
	{"identity", identityapi.GetSpec, identityapi.Operations},
	{"portal", portalapi.GetSpec, portalapi.Operations},
	{"voting", votingapi.GetSpec, votingapi.Operations},
	{"events", eventsapi.GetSpec, eventsapi.Operations},
	{"gamification", gamificationapi.GetSpec, gamificationapi.Operations},
	{"activity", activityapi.GetSpec, activityapi.Operations},
}
