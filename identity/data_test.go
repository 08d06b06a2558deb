package identity_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
)

const memberEmail = "member@aef.test"

// claim is the gateway's question for work.
func (s *service) claim() *identityapi.DataTask {
	s.t.Helper()
	r, err := s.gateway(reqctx.Context{}).ClaimDataTaskWithResponse(ctx)
	task := fine(s.t, r, err).JSON200.Task
	if task.IsNull() {
		return nil
	}
	return new(task.MustGet())
}

func (s *service) report(task uuid.UUID, p identityapi.DataPart) *identityapi.ReportDataPartResponse {
	s.t.Helper()
	if p.Items == nil {
		p.Items = []commonapi.PersonalDataItem{}
	}
	if p.Counts == nil {
		p.Counts = map[string]int64{}
	}
	r, err := s.gateway(reqctx.Context{}).ReportDataPartWithResponse(ctx, task, p)
	require.NoError(s.t, err)
	return r
}

func (s *service) finish(task uuid.UUID) int {
	s.t.Helper()
	r, err := s.gateway(reqctx.Context{}).FinishDataTaskWithResponse(ctx, task)
	require.NoError(s.t, err)
	return r.StatusCode()
}

func (s *service) data(session string) identityapi.DataRequests {
	s.t.Helper()
	r, err := s.script("X-Session-Token", session).GetDataRequestsWithResponse(ctx)
	return *fine(s.t, r, err).JSON200
}

func vote(n int) []commonapi.PersonalDataItem {
	return []commonapi.PersonalDataItem{{Section: "votes", Data: map[string]any{"n": n}}}
}

// An export is begun after a proof, collected by the gateway in parts, and downloaded by its user only.
func TestAnExportIsCollectedAndDownloaded(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login(memberEmail)
	own := s.script("X-Session-Token", session)
	require.True(t, s.data(session).Export.IsNull())
	archive, err := own.GetDataArchiveWithResponse(ctx)
	refused(t, 404, "DATA_EXPORT_NOT_FOUND", archive, err)
	require.Nil(t, s.claim())

	s.clock.Advance(6 * time.Minute)
	begun, err := own.BeginDataExportWithResponse(ctx)
	refused(t, 403, "REAUTHENTICATION_REQUIRED", begun, err)
	confirmed, err := own.ReauthenticateWithResponse(ctx, identityapi.Reauthentication{Password: nullable.NewNullableWithValue(identity.DemoPassword)})
	fine(t, confirmed, err)
	begun, err = own.BeginDataExportWithResponse(ctx)
	require.Equal(t, identityapi.DataExportStateRunning, fine(t, begun, err).JSON200.Export.MustGet().State)
	begun, err = own.BeginDataExportWithResponse(ctx)
	refused(t, 409, "DATA_EXPORT_RUNNING", begun, err)

	task := s.claim()
	require.Equal(t, identityapi.DataTaskKindExport, task.Kind)
	require.Equal(t, member, task.UserID)
	require.Len(t, task.Tenants, 1)
	require.Empty(t, task.Names, "only erasures need names")
	require.Nil(t, s.claim(), "another instance finds nothing")
	require.Equal(t, 204, s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 3, State: "more", Items: vote(1)}).StatusCode())
	require.Equal(t, 204, s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 3, State: "done", Page: 1, Items: vote(2)}).StatusCode())
	s.clock.Advance(domain.DataTaskLease) // the instance has stopped
	task = s.claim()
	require.Equal(t, []identityapi.DataPartName{{Tenant: "aef", Service: "voting"}}, task.Done, "what was reported is not asked for again")
	s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 3, State: "done", Page: 1, Items: vote(2)}) // a repeated report
	s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "portal", Total: 3, State: "done"})
	progress := s.data(session).Export.MustGet()
	require.Equal(t, [2]int{2, 3}, [2]int{progress.PartsDone, progress.PartsTotal})
	s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "events", Total: 3, State: "missing"})
	require.Equal(t, 204, s.finish(task.ID))
	require.Equal(t, 404, s.finish(task.ID))
	require.Equal(t, 404, s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 3, State: "done"}).StatusCode())

	ready := s.data(session).Export.MustGet()
	require.Equal(t, identityapi.DataExportStateReady, ready.State)
	require.Equal(t, []identityapi.DataPartName{{Tenant: "aef", Service: "events"}}, ready.Missing)
	archive, err = own.GetDataArchiveWithResponse(ctx)
	files := unzip(t, fine(t, archive, err).Body)
	require.Contains(t, archive.HTTPResponse.Header.Get("Content-Disposition"), ".zip")
	require.JSONEq(t, `[{"section":"votes","data":{"n":1}},{"section":"votes","data":{"n":2}}]`, files["communities/aef/voting.json"])
	require.Contains(t, files["account.json"], memberEmail)
	require.Contains(t, files["contents.json"], `"service": "events"`)
	require.NotContains(t, files["account.json"], session)
	require.NotContains(t, files, "communities/aef/portal.json", "nothing is stored there")

	other := s.script("X-Session-Token", s.login("admin@aef.test"))
	archive, err = other.GetDataArchiveWithResponse(ctx)
	refused(t, 404, "DATA_EXPORT_NOT_FOUND", archive, err)
	s.clock.Advance(domain.DataExportKept)
	session = s.login(memberEmail)
	archive, err = s.script("X-Session-Token", session).GetDataArchiveWithResponse(ctx)
	refused(t, 404, "DATA_EXPORT_NOT_FOUND", archive, err)
}

func unzip(t *testing.T, content []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(text)
		require.True(t, json.Valid(text), f.Name)
	}
	return files
}

// The old frontend's export: the account's half at once, after the password, without tokens.
func TestTheAccountIsExportedAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login(memberEmail)
	own := s.script("X-Session-Token", session)
	wrong, err := own.ExportAccountWithResponse(ctx, identityapi.DataProof{Password: new("wrong password")})
	refused(t, 400, "INVALID_PASSWORD", wrong, err)
	got, err := own.ExportAccountWithResponse(ctx, identityapi.DataProof{Password: new(identity.DemoPassword), MfaCode: new("")})
	p := fine(t, got, err).JSON200.Payload
	require.Equal(t, memberEmail, p.User["email"])
	require.Len(t, p.Sessions, 1)
	require.NotEmpty(t, p.LoginEvents)
	require.NotContains(t, string(got.Body), session)

	b := s.browser()
	b.signIn(b.get("/login"), memberEmail, identity.DemoPassword)
	app, _ := s.withApp(b)
	_ = app
	got, err = own.ExportAccountWithResponse(ctx, identityapi.DataProof{Password: new(identity.DemoPassword)})
	refused(t, 400, "MFA_REQUIRED", got, err)
	got, err = own.ExportAccountWithResponse(ctx, identityapi.DataProof{Password: new(identity.DemoPassword), MfaCode: new("000000")})
	refused(t, 400, "INVALID_MFA_CODE", got, err)
}

// A deletion waits for fourteen days, in which the user can return; then the gateway erases in every service, and the account goes last.
func TestAnAccountIsDeletedAfterItsGrace(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login(memberEmail)
	own := s.script("X-Session-Token", session)
	wrong, err := own.DeleteAccountWithResponse(ctx, identityapi.AccountDelete{Password: new("wrong password")})
	refused(t, 400, "INVALID_PASSWORD", wrong, err)
	none, err := own.KeepAccountWithResponse(ctx)
	refused(t, 404, "DELETION_NOT_FOUND", none, err)
	asked, err := own.DeleteAccountWithResponse(ctx, identityapi.AccountDelete{Password: new(identity.DemoPassword), Reason: new("user_request")})
	due := fine(t, asked, err).JSON200.DueAt
	again, err := own.DeleteAccountWithResponse(ctx, identityapi.AccountDelete{})
	require.Equal(t, due, fine(t, again, err).JSON200.DueAt, "asking again changes nothing")
	require.Contains(t, s.mailTo(memberEmail, "will be deleted").Text, "/account/privacy")
	require.Equal(t, 1, s.mails(memberEmail, "will be deleted"))

	s.clock.Advance(domain.DeletionGrace - time.Minute)
	require.Nil(t, s.claim(), "not before its time")
	session = s.login(memberEmail)
	require.Equal(t, due, s.data(session).Deletion.MustGet().DueAt, "a sign-in shows it")
	kept, err := s.script("X-Session-Token", session).KeepAccountWithResponse(ctx)
	fine(t, kept, err)
	s.mailTo(memberEmail, "account stays")
	s.clock.Advance(time.Hour)
	require.Nil(t, s.claim())
	require.True(t, s.data(session).Deletion.IsNull())
	require.True(t, s.alive(session))

	asked, err = s.script("X-Session-Token", session).DeleteAccountWithResponse(ctx, identityapi.AccountDelete{Password: new(identity.DemoPassword)})
	fine(t, asked, err)
	s.clock.Advance(domain.DeletionGrace)
	require.Nil(t, s.claim(), "services learn first that the memberships are over")
	require.False(t, s.alive(session))
	locked, err := s.tryLogin(memberEmail, identity.DemoPassword)
	refused(t, 403, "ACCOUNT_SUSPENDED", locked, err)
	s.clock.Advance(domain.DeletionSettles)
	task := s.claim()
	require.Equal(t, identityapi.DataTaskKindErasure, task.Kind)
	require.Contains(t, task.Names, "Mika Member")
	require.Len(t, task.Tenants, 1)
	principal, err := s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
	require.Equal(t, "disabled", string(fine(t, principal, err).JSON200.Membership.MustGet().Status))
	s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 1, State: "done", Counts: map[string]int64{"votes": 3}})
	require.Equal(t, 204, s.finish(task.ID))
	receipt := s.mailTo(memberEmail, "was deleted")
	require.Contains(t, receipt.Text, "voting: 3")

	locked, err = s.tryLogin(memberEmail, identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", locked, err)
	principal, err = s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
	refused(t, 404, "USER_NOT_FOUND", principal, err)
	require.Nil(t, s.claim())
	s.clock.Advance(domain.DeletionSweep)
	task = s.claim()
	require.Equal(t, identityapi.DataTaskKindSweep, task.Kind)
	require.Equal(t, member, task.UserID)
	require.Len(t, task.Tenants, 1, "the communities are known by the receipts")
	require.Empty(t, task.Done)
	s.report(task.ID, identityapi.DataPart{Tenant: "aef", Service: "voting", Total: 1, State: "done"})
	require.Equal(t, 204, s.finish(task.ID))
	s.clock.Advance(time.Hour)
	require.Nil(t, s.claim())

	listed, err := s.operate("data-requests")
	require.NoError(t, err)
	require.Contains(t, listed, personaldata.Proof(member))
	require.Contains(t, listed, "votes:3")
	require.NotContains(t, listed, member.String())
	require.NotEmpty(t, s.auditLog(audit.Filter{Action: "personal_data.erased", TargetID: personaldata.Proof(member)}))
	require.Empty(t, s.auditLog(audit.Filter{Concerning: member}))

	_, err = s.operate("user-create", memberEmail, "Another")
	require.NoError(t, err, "the address is free again")
}

// Operators delete and keep accounts, and can end the grace.
func TestOperatorsDeleteAccounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, err := s.operate("account-keep", memberEmail)
	require.ErrorContains(t, err, "not about to be deleted")
	_, err = s.operate("account-delete", memberEmail, "asked for by mail")
	require.NoError(t, err)
	_, err = s.operate("account-keep", memberEmail)
	require.NoError(t, err)
	_, err = s.operate("account-delete", memberEmail, "asked for by mail")
	require.NoError(t, err)
	_, err = s.operate("account-delete-now", memberEmail)
	require.NoError(t, err)
	session := s.login(memberEmail)
	s.clock.Advance(time.Hour) // operators use the time of day
	require.Nil(t, s.claim())
	require.False(t, s.alive(session), "it has begun")
}
