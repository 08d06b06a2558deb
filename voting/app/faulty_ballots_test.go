package app_test

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/blob"
	"go.updspace.com/tools/devkit/testkit/faults"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

type faultyBallots struct {
	ports.Ballots
	f *faults.Faults
}

func (p faultyBallots) Selection(ctx context.Context, poll, question, option uuid.UUID, fresh bool) (domain.Selection, error) {
	return faults.Call(p.f, func() (domain.Selection, error) { return p.Ballots.Selection(ctx, poll, question, option, fresh) })
}

func (p faultyBallots) Cast(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Ballots.Cast(ctx, ballot, poll) })
}

func (p faultyBallots) LockVoter(ctx context.Context, poll, voter uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Ballots.LockVoter(ctx, poll, voter) })
}

func (p faultyBallots) Replace(ctx context.Context, remove, add []domain.Ballot) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Ballots.Replace(ctx, remove, add) })
}

func (p faultyBallots) Revoke(ctx context.Context, ballot domain.Ballot, poll domain.Poll) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Ballots.Revoke(ctx, ballot, poll) })
}

func (p faultyBallots) Find(ctx context.Context, id uuid.UUID) (domain.Ballot, error) {
	return faults.Call(p.f, func() (domain.Ballot, error) { return p.Ballots.Find(ctx, id) })
}

func (p faultyBallots) ListByUser(ctx context.Context, poll, user uuid.UUID) ([]domain.Ballot, error) {
	return faults.Call(p.f, func() ([]domain.Ballot, error) { return p.Ballots.ListByUser(ctx, poll, user) })
}

func (p faultyBallots) Exists(ctx context.Context, poll uuid.UUID) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Ballots.Exists(ctx, poll) })
}

func (p faultyBallots) Totals(ctx context.Context, polls ...domain.Poll) (map[uuid.UUID]int64, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]int64, error) { return p.Ballots.Totals(ctx, polls...) })
}

func (p faultyBallots) Tally(ctx context.Context, poll uuid.UUID) (domain.Tally, error) {
	return faults.Call(p.f, func() (domain.Tally, error) { return p.Ballots.Tally(ctx, poll) })
}

func (p faultyBallots) Voters(ctx context.Context, poll uuid.UUID) (domain.Voters, error) {
	return faults.Call(p.f, func() (domain.Voters, error) { return p.Ballots.Voters(ctx, poll) })
}

func (p faultyBallots) Progress(ctx context.Context, user uuid.UUID, polls ...uuid.UUID) (map[uuid.UUID]domain.Progress, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Progress, error) { return p.Ballots.Progress(ctx, user, polls...) })
}

// faultyImages is storage with one picture in it.
type faultyImages struct {
	f      *faults.Faults
	stored *domain.Image
}

func (p faultyImages) Add(context.Context, domain.Image) error { return p.f.Next() }

func (p faultyImages) Find(context.Context, uuid.UUID, uuid.UUID) (domain.Image, error) {
	return *p.stored, p.f.Next()
}

func (p faultyImages) Complete(_ context.Context, image domain.Image) error {
	*p.stored = image
	return p.f.Next()
}

func (p faultyImages) Abandoned(context.Context, time.Time, int) ([]domain.Image, error) {
	if p.stored.ID() == uuid.Nil {
		return nil, p.f.Next()
	}
	return []domain.Image{*p.stored}, p.f.Next()
}

func (p faultyImages) Forget(context.Context, ...uuid.UUID) error {
	*p.stored = domain.Image{}
	return p.f.Next()
}

// faultyBlobs keeps no content.
type faultyBlobs struct {
	blob.Store
	f *faults.Faults
}

func (p faultyBlobs) Put(_ context.Context, _ string, content io.Reader) error {
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	return p.f.Next()
}

func (p faultyBlobs) Open(context.Context, string) (io.ReadSeekCloser, error) { return nil, p.f.Next() }

func (p faultyBlobs) Delete(context.Context, string) error { return p.f.Next() }

// pictures takes everything for a picture.
type pictures struct{}

func (pictures) ContentType(string, []byte) string { return "image/png" }

func (pictures) Strip(_ string, picture []byte) ([]byte, error) { return picture, nil }
