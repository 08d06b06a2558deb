package importer

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

var pollRoles = []string{"owner", "admin", "moderator", "observer", "participant"}

// participants takes who has a role in a poll and who is invited. A poll whose creator has none belongs to the creator.
func (r *run) participants(b *ballot) error {
	in, err := r.into("voting", "participants", kindParticipants, "tenant_id, poll_id, user_id", "tenant_id", "poll_id", "user_id", "role", "invited_by", "added_at")
	if err != nil {
		return err
	}
	invited, err := r.into("voting", "invites", "invites to polls", "tenant_id, poll_id, user_id", "tenant_id", "poll_id", "user_id", "role", "invited_by", "made_at", "status")
	if err != nil {
		return err
	}
	const poll = "EXISTS (SELECT FROM polls p WHERE p.tenant_id = s.tenant_id AND p.id = s.poll_id)"
	in.requires, invited.requires = poll, poll
	type old struct {
		Tenant    uuid.UUID `db:"tenant_id"`
		Poll      uuid.UUID `db:"poll_id"`
		User      uuid.UUID `db:"user_id"`
		Role      string    `db:"role"`
		InvitedBy uuid.UUID `db:"invited_by"`
		Status    string    `db:"status"`
		AddedAt   time.Time `db:"added_at"`
		CreatedAt time.Time `db:"created_at"`
	}
	of := func(kind string, o old) (p *pollOf, role string) {
		which := o.User.String() + " in " + o.Poll.String()
		home, ok := r.home(kind, o.Tenant, which)
		if p = b.polls[o.Poll]; !ok {
			return nil, ""
		}
		role = o.Role
		if !slices.Contains(pollRoles, role) {
			r.report.change(kind, "its role is none that there is: it is a participant", which+": "+role)
			role = "participant"
		}
		switch {
		case p == nil:
			r.report.refuse(kind, noParent, which)
		case p.tenant != home:
			r.report.refuse(kind, otherTenant, which)
		case r.users[o.User] == nil:
			r.report.refuse(kind, noPerson, which)
		default:
			return p, role
		}
		return nil, ""
	}
	join := func(p *pollOf, poll, user uuid.UUID, role string, by uuid.UUID, at time.Time) error {
		b.joined[[2]uuid.UUID{poll, user}] = true
		p.owned = p.owned || role == "owner"
		return in.add(p.tenant, poll, user, role, by, at)
	}
	err = each(r.ctx, r.old["voting"], "voting_poll_participant", "", "added_at, id", func(o old) error {
		p, role := of(kindParticipants, o)
		if p == nil {
			return nil
		}
		return join(p, o.Poll, o.User, role, p.creator, timeOr(o.AddedAt, p.createdAt))
	})
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["voting"], "voting_poll_invite", "", "created_at, id", func(o old) error {
		p, role := of("invites to polls", o)
		switch {
		case p == nil, b.joined[[2]uuid.UUID{o.Poll, o.User}]:
			return nil
		case o.Status == "accepted":
			return join(p, o.Poll, o.User, role, o.InvitedBy, timeOr(o.CreatedAt, p.createdAt))
		}
		status := "pending"
		if o.Status == "declined" {
			status = "declined"
		}
		return invited.add(p.tenant, o.Poll, o.User, role, o.InvitedBy, timeOr(o.CreatedAt, p.createdAt), status)
	})
	if err != nil {
		return err
	}
	for _, id := range sorted(b.polls) {
		p := b.polls[id]
		if !p.owned && r.users[p.creator] != nil && !b.joined[[2]uuid.UUID{id, p.creator}] {
			r.report.change(kindPolls, "it had no owner: its creator owns it", id.String())
			if err := join(p, id, p.creator, "owner", p.creator, p.createdAt); err != nil {
				return err
			}
		}
	}
	return store(in, invited)
}

type oldVote struct {
	ID        uuid.UUID `db:"id"`
	Tenant    uuid.UUID `db:"tenant_id"`
	Poll      uuid.UUID `db:"poll_id"`
	Question  uuid.UUID `db:"nomination_id"`
	Option    uuid.UUID `db:"option_id"`
	User      uuid.UUID `db:"user_id"`
	CreatedAt time.Time `db:"created_at"`
}

// votes takes the votes of each person in each question in the order in which they were cast. The old system let two votes at once break
// its rules: of those the earliest count.
func (r *run) votes(b *ballot) error {
	t, err := r.into("voting", "ballots", kindVotes, "tenant_id, id", "tenant_id", "id", "poll_id", "question_id", "option_id", "user_id", "slot", "request_id", "cast_at")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM options o WHERE o.tenant_id = s.tenant_id AND o.poll_id = s.poll_id AND o.question_id = s.question_id AND o.id = s.option_id)"
	var question, user uuid.UUID
	var chosen []uuid.UUID // by the person in the question
	err = each(r.ctx, r.old["voting"], "voting_vote", "", "poll_id, nomination_id, user_id, created_at, id", func(o oldVote) error {
		if o.Question != question || o.User != user {
			question, user, chosen = o.Question, o.User, chosen[:0]
		}
		reason := r.voteRefused(b, o, chosen)
		if reason != "" {
			r.report.refuse(kindVotes, reason, fmt.Sprintf("%s of %s for %s in %s, %s", o.ID, o.User, o.Option, o.Poll, o.CreatedAt.UTC().Format(time.RFC3339Nano)))
			return nil
		}
		voter := o.User
		switch {
		case voter == uuid.Nil:
			voter = derived("voter of", o.ID) // who was erased: each vote counts
			chosen = chosen[:0]
		case r.users[voter] == nil:
			r.report.change(kindVotes, "its voter is not known: it counts, and only the id is kept", o.ID.String()+" of "+voter.String())
		}
		chosen = append(chosen, o.Option)
		return t.add(b.questions[o.Question].tenant, o.ID, o.Poll, o.Question, o.Option, voter, len(chosen), "", o.CreatedAt)
	})
	if err != nil {
		return err
	}
	return t.store()
}

// voteRefused tells why a vote does not count, if it does not.
func (r *run) voteRefused(b *ballot, o oldVote, chosen []uuid.UUID) string {
	r.report.read(kindVotes)
	home, known := r.tenants[o.Tenant]
	p, q := b.polls[o.Poll], b.questions[o.Question]
	of, offered := b.options[o.Option]
	closed := ""
	if p != nil && p.closed {
		closed = "; the poll is closed, and the option has a vote less than its result said"
	}
	switch {
	case !known:
		return noTenant
	case p == nil || q.tenant == uuid.Nil || !offered:
		return noParent
	case p.tenant != home.id || q.tenant != home.id:
		return otherTenant
	case q.poll != o.Poll || of != o.Question:
		return "its option, question and poll do not belong together" + closed
	case o.User != uuid.Nil && slices.Contains(chosen, o.Option):
		return "the person has voted for the same before" + closed
	case o.User != uuid.Nil && int64(len(chosen)) >= q.most:
		return "the person has as many votes as the question takes" + closed
	}
	return ""
}
