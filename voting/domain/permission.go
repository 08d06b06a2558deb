package domain

import "github.com/google/uuid"

// Permission is a key of the Access catalogue.
type Permission string

// The permissions voting asks for. Every one is declared by an operation of api/openapi/voting.yaml; a component test
// proves that what is declared is what is asked.
const (
	PermissionPollRead    Permission = "voting.poll.read"
	PermissionPollCreate  Permission = "voting.poll.create"
	PermissionPollsAdmin  Permission = "voting.votings.admin"
	PermissionVoteCast    Permission = "voting.vote.cast"
	PermissionVoteReadOwn Permission = "voting.vote.read_own"
	PermissionResultsRead Permission = "voting.results.read"
)

// Ask is a question to Access about the caller. Visibility and Owner are set when the answer shall also say whether
// the caller is among those a thing is visible to.
type Ask struct {
	Permission Permission
	Scope      Scope
	Visibility Visibility
	Owner      uuid.UUID
}
