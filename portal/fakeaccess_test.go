package portal_test

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

func some[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

func null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }

// fakeAccess answers the wire of access, for portal only.
func fakeAccess(decide *portstest.Access) http.Handler {
	verifier := testkit.Keyring().Verifier("access")
	mux := http.NewServeMux()
	handle := func(path string, serve func(w http.ResponseWriter, r *http.Request, body []byte) error) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				httpx.WriteError(w, r, err)
				return
			}
			rc, err := verifier.Verify(r, body)
			if err == nil && rc.Caller != "portal" {
				err = errs.Forbiddenf("not portal")
			}
			if err == nil {
				err = serve(w, r.WithContext(reqctx.With(r.Context(), rc)), body)
			}
			if err != nil {
				httpx.WriteError(w, r, err)
			}
		})
	}
	handle("/internal/v1/check", func(w http.ResponseWriter, r *http.Request, body []byte) error {
		var check accessapi.Check
		if err := json.Unmarshal(body, &check); err != nil {
			return err
		}
		answers, err := decisions(r, decide, []accessapi.Check{check})
		if err == nil {
			httpx.WriteJSON(w, http.StatusOK, answers[0])
		}
		return err
	})
	handle("/internal/v1/check/batch", func(w http.ResponseWriter, r *http.Request, body []byte) error {
		var batch accessapi.CheckBatch
		if err := json.Unmarshal(body, &batch); err != nil {
			return err
		}
		answers, err := decisions(r, decide, batch.Checks)
		if err == nil {
			httpx.WriteJSON(w, http.StatusOK, accessapi.DecisionBatch{Decisions: answers})
		}
		return err
	})
	handle("/internal/v1/memberships", func(w http.ResponseWriter, r *http.Request, body []byte) error {
		var told accessapi.MembershipChanges
		if err := json.Unmarshal(body, &told); err != nil {
			return err
		}
		for _, c := range told.Changes {
			role, err := c.Role.Get()
			decide.Tell(r.Context(), membership(string(c.ScopeType), c.ScopeID, c.CommunityID, c.UserID, string(role), err == nil, c.Version))
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	handle("/internal/v1/memberships/reconcile", func(w http.ResponseWriter, r *http.Request, body []byte) error {
		var page accessapi.MembershipPage
		if err := json.Unmarshal(body, &page); err != nil {
			return err
		}
		stretch := ports.Stretch{After: walkKey(page.After), Until: walkKey(page.Until)}
		for _, m := range page.Memberships {
			stretch.Memberships = append(stretch.Memberships, membership(string(m.ScopeType), m.ScopeID, m.CommunityID, m.UserID, string(m.Role), true, m.Version))
		}
		drift, err := decide.Compare(r.Context(), stretch)
		if err == nil {
			httpx.WriteJSON(w, http.StatusOK, accessapi.MembershipDrift{Added: drift.Added, Changed: drift.Changed, Removed: drift.Removed})
		}
		return err
	})
	return mux
}

func decisions(r *http.Request, decide *portstest.Access, checks []accessapi.Check) ([]accessapi.Decision, error) {
	asks := make([]domain.Ask, len(checks))
	for i, c := range checks {
		id, err := uuid.Parse(c.Scope.ID)
		if err != nil {
			return nil, err
		}
		asks[i] = domain.Ask{Permission: domain.Permission(c.Permission), Scope: domain.Scope{Type: domain.ScopeType(c.Scope.Type), ID: id}}
	}
	answers, err := decide.AllowedEach(r.Context(), asks)
	if err != nil {
		return nil, err
	}
	decided := make([]accessapi.Decision, len(answers))
	for i, allowed := range answers {
		decided[i] = accessapi.Decision{Allowed: allowed, ReasonCode: accessapi.ReasonCodeRBACALLOW}
	}
	return decided, nil
}

func membership(kind string, scope, community, user uuid.UUID, role string, active bool, version int64) domain.Membership {
	return domain.RestoreMembership(domain.MembershipData{
		Scope: domain.Scope{Type: domain.ScopeType(kind), ID: scope}, CommunityID: community, UserID: user,
		Role: domain.Role(role), Active: active, Version: version,
	})
}

func walkKey(k nullable.Nullable[accessapi.MembershipKey]) ports.WalkKey {
	key, err := k.Get()
	if err != nil {
		return ports.WalkKey{}
	}
	return ports.WalkKey{Scope: domain.Scope{Type: domain.ScopeType(key.ScopeType), ID: key.ScopeID}, User: key.UserID}
}
