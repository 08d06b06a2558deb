package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
)

// PathPrivacy is the page on which users export and delete their data.
const PathPrivacy = "/account/privacy"

// Deletions delete accounts, with everything that the platform stores about their users.
type Deletions struct {
	*Deps
	SignOut      *SignOut
	Restrictions *Restrictions
	Tenants      *Tenants
}

// Proof is how a user proves at once who they are. Without a password the session must have been confirmed just before.
type Proof struct{ Password, Code string }

// Prove checks a password, with a code of the second step where there is one.
func (d *Deps) Prove(ctx context.Context, who Current, p Proof, ip string) error {
	limits := func(ctx context.Context) error {
		return Limited(d.Limiter.Take(ctx, limitConfirm, who.User.ID.String(), 1), domain.ErrRateLimited)
	}
	ok, _, err := d.Passwords.Verify(ctx, p.Password, who.User.PasswordHash, limits)
	if err != nil {
		return err
	}
	if !ok {
		return domain.ErrWrongPassword
	}
	factors, err := d.Factors.Of(ctx, who.User.ID)
	if err != nil {
		return err
	}
	if factors.SecondStep() {
		code := domain.CleanCode(p.Code)
		if code == "" {
			return domain.ErrNoFactor.WithMessage("A code of the second step is needed.")
		}
		shown, err := d.show(ctx, who.User, who.Session.ID, domain.CeremonyConfirm, code, nil, ip)
		if err == nil {
			err = d.Tx.Platform(ctx, shown.take)
		}
		if err != nil {
			return err
		}
	}
	d.Limiter.Reset(ctx, limitConfirm, who.User.ID.String())
	return nil
}

// Request has the account of a user deleted at the end of the grace. Asking again changes nothing.
func (d *Deletions) Request(ctx context.Context, who Current, p Proof, reason string, from domain.Origin) (domain.DataRequest, error) {
	prove := func() error { return d.confirmed(who) }
	if p.Password != "" {
		prove = func() error { return d.Prove(ctx, who, p, from.IP) }
	}
	if err := prove(); err != nil {
		return domain.DataRequest{}, err
	}
	return d.request(ctx, who.User, reason, by(who.User.ID), from)
}

// RequestFor is Request by an operator.
func (d *Deletions) RequestFor(ctx context.Context, email, reason string) (domain.DataRequest, error) {
	user, err := d.find(ctx, email)
	if err != nil {
		return domain.DataRequest{}, err
	}
	return d.request(ctx, user, reason, audit.Actor{}, domain.Origin{})
}

func (d *Deletions) find(ctx context.Context, email string) (domain.User, error) {
	address, err := domain.NormalizeEmail(email)
	if err != nil {
		return domain.User{}, err
	}
	return d.Users.ByEmail(ctx, address)
}

func (d *Deletions) request(ctx context.Context, user domain.User, reason string, actor audit.Actor, from domain.Origin) (request domain.DataRequest, err error) {
	err = d.Tx.Platform(ctx, func(ctx context.Context) error {
		if _, err := d.Users.Lock(ctx, user.ID); err != nil {
			return err
		}
		old, err := d.DataRequests.Newest(ctx, user.ID, domain.DataDeletion)
		if err != nil {
			return err
		}
		if old != nil {
			request = *old
			return nil
		}
		request = domain.NewDeletion(newID(), user.ID, personaldata.Proof(user.ID), reason, d.Clock.Now())
		if err := d.DataRequests.Insert(ctx, request); err != nil {
			return err
		}
		letter := deletionLetter(language(user, from), d.Issuer+PathPrivacy, request.DueAt)
		if err := d.Mails.Add(ctx, d.queued(letter, user.Email, noticeLife), false); err != nil {
			return err
		}
		return d.Recorder.add(ctx, audit.Entry{
			Actor: actor, Action: domain.ActionDeletionRequested, TargetType: "user", TargetID: user.ID.String(), IP: from.IP, Reason: request.Reason,
		})
	})
	return request, err
}

// Pending is the deletion that waits for the end of its grace; nil if there is none.
func (d *Deletions) Pending(ctx context.Context, user uuid.UUID) (*domain.DataRequest, error) {
	return d.DataRequests.Newest(ctx, user, domain.DataDeletion)
}

// Keep cancels the deletion of a user's account.
func (d *Deletions) Keep(ctx context.Context, user domain.User, from domain.Origin) error {
	return d.keep(ctx, user, by(user.ID), from)
}

func (d *Deletions) keep(ctx context.Context, user domain.User, actor audit.Actor, from domain.Origin) error {
	return d.change(ctx, user, func(ctx context.Context, r *domain.DataRequest) error {
		if err := r.Cancel(d.Clock.Now()); err != nil {
			return err
		}
		if err := d.Mails.Add(ctx, d.queued(keptLetter(language(user, from)), user.Email, noticeLife), false); err != nil {
			return err
		}
		return d.Recorder.add(ctx, audit.Entry{
			Actor: actor, Action: domain.ActionDeletionCanceled, TargetType: "user", TargetID: user.ID.String(), IP: from.IP,
		})
	})
}

// KeepFor is Keep by an operator.
func (d *Deletions) KeepFor(ctx context.Context, email string) error {
	user, err := d.find(ctx, email)
	if err != nil {
		return err
	}
	return d.keep(ctx, user, audit.Actor{}, domain.Origin{})
}

// Recent lists requests with what was reported, the newest first.
func (d *Deletions) Recent(ctx context.Context, limit int) ([]ExportState, error) {
	requests, err := d.DataRequests.Recent(ctx, limit)
	if err != nil {
		return nil, err
	}
	states := make([]ExportState, len(requests))
	for i, r := range requests {
		states[i].DataRequest = r
		if states[i].Parts, err = d.DataRequests.Parts(ctx, r.ID); err != nil {
			return nil, err
		}
	}
	return states, nil
}

// Hasten ends the grace of a deletion now, for an operator.
func (d *Deletions) Hasten(ctx context.Context, email string) error {
	user, err := d.find(ctx, email)
	if err != nil {
		return err
	}
	return d.change(ctx, user, func(_ context.Context, r *domain.DataRequest) error {
		r.DueAt = d.Clock.Now()
		return nil
	})
}

func (d *Deletions) change(ctx context.Context, user domain.User, fn func(context.Context, *domain.DataRequest) error) error {
	return d.Tx.Platform(ctx, func(ctx context.Context) error {
		found, err := d.DataRequests.Newest(ctx, user.ID, domain.DataDeletion)
		if err != nil {
			return err
		}
		if found == nil {
			return domain.ErrDeletionUnknown
		}
		request, err := d.DataRequests.Lock(ctx, found.ID)
		if err != nil {
			return err
		}
		if err := fn(ctx, &request); err != nil {
			return err
		}
		return d.DataRequests.Save(ctx, request)
	})
}

// begin closes an account whose grace is over: its sessions end, and no one signs in any more.
func (d *Deletions) begin(ctx context.Context, request domain.DataRequest) error {
	user, err := d.Users.ByID(ctx, *request.UserID)
	if err != nil {
		return err
	}
	return d.Tx.Platform(ctx, func(ctx context.Context) error {
		current, err := d.DataRequests.Lock(ctx, request.ID)
		if err != nil || current.State != domain.DataWaiting { // the user has kept the account
			return err
		}
		current.Begin(d.Clock.Now())
		if err := d.DataRequests.Save(ctx, current); err != nil {
			return err
		}
		if err := d.Recorder.add(ctx, audit.Entry{Action: domain.ActionDeletionBegun, TargetType: "user", TargetID: user.ID.String()}); err != nil {
			return err
		}
		return d.Restrictions.close(ctx, user)
	})
}

// leave ends the memberships of a user that are left, and tells whether there were any.
func (d *Deletions) leave(ctx context.Context, user domain.User) (left bool, err error) {
	memberships, err := d.Memberships.Active(ctx, user.ID, maxMemberships)
	if err != nil {
		return false, err
	}
	for _, m := range memberships {
		if err := d.Tenants.SetMembership(ctx, m.Tenant.Slug, user.Email, domain.RoleMember, domain.MembershipDisabled); err != nil {
			return false, err
		}
	}
	return len(memberships) > 0, nil
}

// erase deletes what identity stores about the user of a deletion, with the account, and mails the receipt. It returns what was erased.
func (d *Deletions) erase(ctx context.Context, request domain.DataRequest) error {
	user, err := d.Users.ByID(ctx, *request.UserID)
	if err != nil {
		return err
	}
	parts, err := d.DataRequests.Parts(ctx, request.ID)
	if err != nil {
		return err
	}
	return d.Tx.Platform(ctx, func(ctx context.Context) error {
		receipt, err := d.eraseOwn(ctx, user.ID, erasedNames(user)...)
		if err != nil {
			return err
		}
		own := domain.DataPart{Tenant: "", Service: "identity", State: "done", Counts: receipt}
		if err := d.DataRequests.PutPart(ctx, request.ID, own); err != nil {
			return err
		}
		if err := d.Mails.Add(ctx, d.queued(deletedLetter(language(user, domain.Origin{}), append(parts, own)), user.Email, noticeLife), false); err != nil {
			return err
		}
		if err := d.Recorder.add(ctx, audit.Entry{Action: domain.ActionDeleted, TargetType: "data_request", TargetID: request.ID.String()}); err != nil {
			return err
		}
		return d.Events.UserDeleted(ctx, user.ID)
	})
}

// erasedNames are the names of a user, and the address, that go from what others wrote.
func erasedNames(u domain.User) []string {
	return []string{u.FirstName + " " + u.LastName, u.LastName + " " + u.FirstName, u.DisplayName, u.Username, u.FirstName, u.LastName, u.Email}
}

// eraseOwn erases what identity stores about a user, and names from what others wrote, in the transaction in ctx if there is one.
func (d *Deps) eraseOwn(ctx context.Context, user uuid.UUID, names ...string) (map[string]int64, error) {
	ctx = d.asService(ctx)
	counts := map[string]int64{}
	for {
		receipt, err := d.PersonalData.Erase(ctx, user, names...)
		if err != nil {
			return nil, err
		}
		for section, n := range receipt.Counts {
			counts[section] += n
		}
		if receipt.Complete {
			return counts, nil
		}
	}
}
