package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/upload"
	"go.updspace.com/tools/devkit/testkit/faults"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// faulty returns ports whose calls may fail.
func faulty(f *faults.Faults, d app.Deps) app.Deps {
	d.Access, d.Once, d.Events = faults.Access(f, d.Access), faults.Once(f, d.Once), faults.NewEvents(f, d.Events)
	d.Polls, d.Questionnaires, d.Ballots = faultyPolls{d.Polls, f}, faultyQuestionnaires{d.Questionnaires, f}, faultyBallots{d.Ballots, f}
	d.Participants, d.Invites, d.Groups = faultyParticipants{d.Participants, f}, faultyInvites{d.Invites, f}, faultyGroups{d.Groups, f}
	d.Audit, d.Tx, d.Images, d.Blobs = faultyAudit{d.Audit, f}, faults.NewTx(f, d.Tx), faultyImages{f, &domain.Image{}}, faultyBlobs{f: f}
	d.Receiver = upload.Receiver{Types: pictures{}, Pictures: pictures{}}
	return d
}

type faultyAudit struct {
	ports.AuditLog
	f *faults.Faults
}

func (p faultyAudit) Write(ctx context.Context, entries ...audit.Entry) error {
	return faults.Do(p.f, func() error { return p.AuditLog.Write(ctx, entries...) })
}

func (p faultyAudit) List(ctx context.Context, filter audit.Filter, in page.Request) (page.Page[audit.Entry], error) {
	return faults.Call(p.f, func() (page.Page[audit.Entry], error) { return p.AuditLog.List(ctx, filter, in) })
}

type faultyPolls struct {
	ports.Polls
	f *faults.Faults
}

func (p faultyPolls) Find(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return faults.Call(p.f, func() (domain.Poll, error) { return p.Polls.Find(ctx, id) })
}

func (p faultyPolls) Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return faults.Call(p.f, func() (domain.Poll, error) { return p.Polls.Lock(ctx, id) })
}

func (p faultyPolls) LockFree(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return faults.Call(p.f, func() (domain.Poll, error) { return p.Polls.LockFree(ctx, id) })
}

func (p faultyPolls) LockShared(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return faults.Call(p.f, func() (domain.Poll, error) { return p.Polls.LockShared(ctx, id) })
}

func (p faultyPolls) Add(ctx context.Context, poll domain.Poll) error {
	return faults.Do(p.f, func() error { return p.Polls.Add(ctx, poll) })
}

func (p faultyPolls) Update(ctx context.Context, poll domain.Poll) error {
	return faults.Do(p.f, func() error { return p.Polls.Update(ctx, poll) })
}

func (p faultyPolls) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Polls.Delete(ctx, id) })
}

func (p faultyPolls) Audiences(ctx context.Context, filter ports.PollFilter) ([]authz.Audience, error) {
	return faults.Call(p.f, func() ([]authz.Audience, error) { return p.Polls.Audiences(ctx, filter) })
}

func (p faultyPolls) Page(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer, r ports.PageRange) ([]domain.Poll, error) {
	return faults.Call(p.f, func() ([]domain.Poll, error) { return p.Polls.Page(ctx, filter, viewer, r) })
}

func (p faultyPolls) Count(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Polls.Count(ctx, filter, viewer) })
}

func (p faultyPolls) ListViewed(ctx context.Context, query ports.ViewedPolls, viewer authz.Viewer) ([]ports.ViewedPoll, error) {
	return faults.Call(p.f, func() ([]ports.ViewedPoll, error) { return p.Polls.ListViewed(ctx, query, viewer) })
}

func (p faultyPolls) CountViewed(ctx context.Context, filter ports.PollFilter, now time.Time, viewer authz.Viewer) (ports.PhaseCounts, error) {
	return faults.Call(p.f, func() (ports.PhaseCounts, error) { return p.Polls.CountViewed(ctx, filter, now, viewer) })
}

func (p faultyPolls) ListByGroup(ctx context.Context, group authz.Scope) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Polls.ListByGroup(ctx, group) })
}

func (p faultyPolls) ListOpening(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return faults.Call(p.f, func() ([]ports.PollOfTenant, error) { return p.Polls.ListOpening(ctx, now, limit) })
}

func (p faultyPolls) ListEnded(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return faults.Call(p.f, func() ([]ports.PollOfTenant, error) { return p.Polls.ListEnded(ctx, now, limit) })
}

type faultyQuestionnaires struct {
	ports.Questionnaires
	f *faults.Faults
}

func (p faultyQuestionnaires) Find(ctx context.Context, poll uuid.UUID) (domain.Questionnaire, error) {
	return faults.Call(p.f, func() (domain.Questionnaire, error) { return p.Questionnaires.Find(ctx, poll) })
}

func (p faultyQuestionnaires) AddQuestions(ctx context.Context, questions ...domain.Question) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.AddQuestions(ctx, questions...) })
}

func (p faultyQuestionnaires) UpdateQuestion(ctx context.Context, question domain.Question) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.UpdateQuestion(ctx, question) })
}

func (p faultyQuestionnaires) DeleteQuestion(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.DeleteQuestion(ctx, id) })
}

func (p faultyQuestionnaires) AddOptions(ctx context.Context, options ...domain.Option) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.AddOptions(ctx, options...) })
}

func (p faultyQuestionnaires) UpdateOption(ctx context.Context, option domain.Option) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.UpdateOption(ctx, option) })
}

func (p faultyQuestionnaires) DeleteOption(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Questionnaires.DeleteOption(ctx, id) })
}

type faultyParticipants struct {
	ports.Participants
	f *faults.Faults
}

func (p faultyParticipants) Role(ctx context.Context, poll, user uuid.UUID) (domain.Role, error) {
	return faults.Call(p.f, func() (domain.Role, error) { return p.Participants.Role(ctx, poll, user) })
}

func (p faultyParticipants) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return faults.Call(p.f, func() ([]domain.Participant, error) { return p.Participants.List(ctx, poll) })
}

func (p faultyParticipants) Put(ctx context.Context, participants ...domain.Participant) error {
	return faults.Do(p.f, func() error { return p.Participants.Put(ctx, participants...) })
}

func (p faultyParticipants) Remove(ctx context.Context, poll, user uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Participants.Remove(ctx, poll, user) })
}

type faultyInvites struct {
	ports.Invites
	f *faults.Faults
}

func (p faultyInvites) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return faults.Call(p.f, func() ([]domain.Participant, error) { return p.Invites.List(ctx, poll) })
}

func (p faultyInvites) ListPending(ctx context.Context, user uuid.UUID, limit int) ([]ports.PendingInvite, error) {
	return faults.Call(p.f, func() ([]ports.PendingInvite, error) { return p.Invites.ListPending(ctx, user, limit) })
}

func (p faultyInvites) Put(ctx context.Context, invites ...domain.Participant) error {
	return faults.Do(p.f, func() error { return p.Invites.Put(ctx, invites...) })
}

func (p faultyInvites) Remove(ctx context.Context, poll uuid.UUID, users ...uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Invites.Remove(ctx, poll, users...) })
}

type faultyGroups struct {
	groups.Store
	f *faults.Faults
}

func (p faultyGroups) FindShared(ctx context.Context, scope authz.Scope) (groups.Group, error) {
	return faults.Call(p.f, func() (groups.Group, error) { return p.Store.FindShared(ctx, scope) })
}

func (p faultyGroups) Put(ctx context.Context, group groups.Group) error {
	return faults.Do(p.f, func() error { return p.Store.Put(ctx, group) })
}
