package app

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// PersonalData are the use cases around what there is of one person: handing it out to him, and taking it away.
type PersonalData struct {
	*Desk
	traces   ports.Traces
	accounts ports.Accounts
	files    ports.Files
	markdown ports.Markdown
}

// NewPersonalData works at a desk, because memberships end there.
func NewPersonalData(
	desk *Desk, traces ports.Traces, accounts ports.Accounts, files ports.Files, markdown ports.Markdown,
) *PersonalData {
	return &PersonalData{Desk: desk, traces: traces, accounts: accounts, files: files, markdown: markdown}
}

// DataSubject is the person whose data somebody asks for.
type DataSubject struct {
	User uuid.UUID
	// SystemAdmin says that whoever asks is an administrator of the platform. No role in the tenant is enough.
	SystemAdmin bool
}

// allow lets in the person himself, and administrators of the platform.
func (d DataSubject) allow(by domain.Actor) error {
	if d.User != by.User && !d.SystemAdmin {
		return domain.ErrNotTheirs
	}
	fields := errs.Fields{}
	fields.Check(d.User != uuid.Nil, "user_id", "must be somebody") // what was made anonymous is made by the zero id
	return fields.Err()
}
