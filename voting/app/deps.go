package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access         authz.Checker
	Polls          ports.Polls
	Questionnaires ports.Questionnaires
	Participants   ports.Participants
	Invites        ports.Invites
	Ballots        ports.Ballots
	Groups         groups.Store
	Images         ports.Images
	Blobs          blob.Store
	Receiver       upload.Receiver
	Events         ports.Events
	Audit          ports.AuditLog
	Tx             ports.Tx
	Once           idempotency.Requests
	Clock          ports.Clock
}

// requireManaged requires that the caller manages a poll, and returns the caller's access to it. Access is asked before any lock is taken, because it may be slow.
func (d Deps) requireManaged(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.PollAccess, error) {
	poll, err := d.Polls.Find(ctx, id)
	if err != nil {
		return domain.PollAccess{}, err
	}
	access, err := authorizer{d}.loadAccess(ctx, by, poll)
	if err == nil && !access.CanManage {
		err = authz.Denied(domain.PermissionPollsAdmin)
	}
	return access.PollAccess, err
}

// record publishes events and writes them to the audit log, in the transaction of the change.
func (d Deps) record(ctx context.Context, events ...domain.Event) error {
	if err := d.Events.Publish(ctx, events...); err != nil {
		return err
	}
	entries := make([]audit.Entry, 0, len(events))
	for _, event := range events {
		entries = append(entries, auditEntry(event))
	}
	return d.Audit.Write(ctx, entries...)
}

func auditEntry(event domain.Event) audit.Entry {
	switch e := event.(type) {
	case domain.PollCreated:
		return pollEntry("poll.created", e.Poll)
	case domain.PollUpdated:
		entry := pollEntry("poll.updated", e.Poll)
		if e.Amended {
			amendments := e.Poll.Data().Amendments
			entry.Action, entry.Reason = "poll.amended", amendments[len(amendments)-1].Reason
		}
		return entry
	case domain.PollPublished:
		return pollEntry("poll.published", e.Poll)
	case domain.PollOpened:
		return pollEntry("poll.opened", e.Poll)
	case domain.PollClosed:
		return pollEntry("poll.closed", e.Poll)
	case domain.PollDeleted:
		return pollEntry("poll.deleted", e.Poll)
	case domain.ParticipantChanged:
		return participantEntry("participant.changed", e.ParticipantEvent)
	case domain.ParticipantRemoved:
		return participantEntry("participant.removed", e.ParticipantEvent)
	case domain.ParticipantInvited:
		return participantEntry("participant.invited", e.ParticipantEvent)
	case domain.ParticipantDeclined:
		return participantEntry("participant.declined", e.ParticipantEvent)
	}
	return audit.Entry{Action: "unknown"}
}

func pollEntry(action string, poll domain.Poll) audit.Entry {
	return audit.Entry{
		Action: action, TargetType: "poll", TargetID: poll.ID().String(),
		Metadata: map[string]any{"status": string(poll.Data().Status), "version": poll.Version()},
	}
}

func participantEntry(action string, e domain.ParticipantEvent) audit.Entry {
	return audit.Entry{
		Action: action, TargetType: "poll", TargetID: e.Poll.ID().String(), About: e.Participant.UserID,
		Metadata: map[string]any{"user_id": e.Participant.UserID.String(), "role": string(e.Participant.Role)},
	}
}
