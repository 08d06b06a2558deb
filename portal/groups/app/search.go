package app

import (
	"context"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Seeing says what a user sees of groups.
type Seeing struct {
	Communities, Teams authz.AllowedScopes // those that may be listed
	Faces, TeamFaces   bool
}

// Found returns groups in use that a text finds, at most limit of each kind. The caller has checked the permissions.
func (s Groups) Found(ctx context.Context, by authz.Actor, see Seeing, query string, limit int) (communities, teams []GroupView, err error) {
	var groups []domain.Group
	find := func(kind authz.ScopeType, in authz.AllowedScopes) (n int, err error) {
		if in.None() {
			return 0, nil
		}
		search := ports.GroupSearch{Kind: kind, Status: domain.StatusActive, Query: query, Within: &in}
		found, err := s.Groups.List(ctx, search, ports.GroupKey{}, limit)
		groups = append(groups, found...)
		return len(found), err
	}
	n, err := find(authz.ScopeCommunity, see.Communities)
	if err != nil {
		return nil, nil, err
	}
	if _, err := find(authz.ScopeTeam, see.Teams); err != nil {
		return nil, nil, err
	}
	views, err := s.views(ctx, ports.CardViewer{User: by.User, At: s.Clock.Now(), Faces: see.Faces, TeamFaces: see.TeamFaces}, groups...)
	if err != nil {
		return nil, nil, err
	}
	return views[:n], views[n:], nil
}
