package domain

import "go.updspace.com/libs/authz"

// The permissions that voting checks. Each is declared by an operation of api/openapi/voting.yaml; a component test
// compares what is declared with what is checked.
const (
	PermissionPollRead    authz.Permission = "voting.poll.read"
	PermissionPollCreate  authz.Permission = "voting.poll.create"
	PermissionPollsAdmin  authz.Permission = "voting.votings.admin"
	PermissionVoteCast    authz.Permission = "voting.vote.cast"
	PermissionVoteReadOwn authz.Permission = "voting.vote.read_own"
	PermissionResultsRead authz.Permission = "voting.results.read"
)
