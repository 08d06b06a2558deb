package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/personaldata"
)

// PersonalData exports and erases what is stored about a user in the tenant. The last administrator of a tenant cannot be
// erased.
type PersonalData struct {
	*personaldata.Store
	deps Deps
}

// NewPersonalData returns the use cases for sections of stored data.
func NewPersonalData(d Deps, log personaldata.Log, sections ...personaldata.Section) PersonalData {
	return PersonalData{Store: personaldata.New("access", Administration{d}, log, d.Clock.Now, sections...), deps: d}
}

// Erase erases a user. A refusal is recorded in the audit log.
func (p PersonalData) Erase(ctx context.Context, user uuid.UUID) (personaldata.Receipt, error) {
	receipt, err := p.Store.Erase(ctx, user)
	op := operation{id: "erasePersonalData", targetType: TargetUser, targetID: user.String()}
	return receipt, p.deps.recordRefusal(ctx, op, err)
}
