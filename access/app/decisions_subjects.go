package app

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
)

// Bounds of a call about several users.
const (
	MaxSubjects      = 32
	MaxSubjectChecks = 16 // of one user
	MaxStatus        = 32 // characters of a flag that is a text
)

// SubjectChecks are checks about one user of one tenant.
type SubjectChecks struct {
	Tenant, User uuid.UUID
	Flags        reqctx.Flags
	Checks       []CheckInput
}

// CheckSubjects answers the checks about each user as CheckAll does. Users are decided about at the same time, since the facts of each may have to be
// read. What is wrong with one user's checks is the error of the call.
func (d Decisions) CheckSubjects(ctx context.Context, subjects []SubjectChecks) ([][]Answer, error) {
	fields := errs.Fields{}
	fields.Check(len(subjects) > 0 && len(subjects) <= MaxSubjects, "subjects", why.Count(len(subjects), 1, MaxSubjects))
	for i, s := range subjects {
		fields.Check(len(s.Checks) > 0 && len(s.Checks) <= MaxSubjectChecks, subjectField(i)+"checks", why.Count(len(s.Checks), 1, MaxSubjectChecks))
		fields.Check(s.Tenant != uuid.Nil, subjectField(i)+"tenant_id", why.Required)
		fields.Check(s.User != uuid.Nil, subjectField(i)+"user_id", why.Required)
	}
	if err := fields.Err(); err != nil {
		return nil, err
	}
	answers, failed := make([][]Answer, len(subjects)), make([]error, len(subjects))
	var group sync.WaitGroup
	for i, s := range subjects {
		group.Go(func() {
			rc := reqctx.From(ctx)
			rc.TenantID, rc.UserID, rc.Flags = s.Tenant, s.User, s.Flags
			answers[i], failed[i] = d.checkAll(reqctx.With(ctx, rc), s.Checks, subjectField(i))
		})
	}
	group.Wait()
	return answers, errors.Join(failed...)
}

func subjectField(i int) string { return "subjects." + strconv.Itoa(i) + "." }
