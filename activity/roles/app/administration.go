// Package app holds the use cases of the synchronisation of roles: authorise, apply the rules, call the ports.
package app

import (
	"context"
	"slices"
	"strconv"

	feed "go.updspace.com/activity/domain"
	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access  authz.Checker
	Syncs   ports.Syncs
	Members ports.Members
	Discord ports.Discord
	Budget  ports.Budget
	Roles   ports.Roles
	Events  ports.Events
	Groups  groups.Store
	Audit   ports.Audit
	Tx      ports.Tx
	Clock   ports.Clock
	Wake    func() // a person is due: makes Following.Follow run
}

// Administration are the use cases of those who run the sources of a tenant.
type Administration struct{ Deps }

// View is a synchronisation with its pairs of roles.
type View struct {
	domain.Sync
	Mappings []domain.Mapping
	Leaving  bool // pairs were removed, and what they gave is being taken back
}

func (a Administration) require(ctx context.Context, by authz.Actor) error {
	return authz.Require(ctx, a.Access, authz.Check{Permission: feed.PermissionSourcesManage, Scope: authz.TenantScope(by.Tenant)})
}

// Get returns the synchronisation of a source.
func (a Administration) Get(ctx context.Context, by authz.Actor, source int64) (View, error) {
	if err := a.require(ctx, by); err != nil {
		return View{}, err
	}
	sync, err := a.Syncs.Find(ctx, source)
	if err != nil {
		return View{}, err
	}
	return a.view(ctx, sync)
}

func (a Administration) view(ctx context.Context, sync domain.Sync) (View, error) {
	all, err := a.Syncs.Mappings(ctx, sync.SourceID)
	kept := slices.DeleteFunc(slices.Clone(all), func(m domain.Mapping) bool { return m.Removed })
	return View{Sync: sync, Mappings: kept, Leaving: len(kept) < len(all)}, err
}

// Put begins a synchronisation, or changes it.
func (a Administration) Put(ctx context.Context, by authz.Actor, source int64, edit domain.Edit) (view View, err error) {
	if err := a.require(ctx, by); err != nil {
		return view, err
	}
	if discord, found, err := a.Syncs.IsDiscord(ctx, source); err != nil || !found {
		return view, orNotFound(err)
	} else if !discord {
		return view, domain.ErrNotDiscord
	}
	err = a.Tx.Do(ctx, func(ctx context.Context) error {
		sync, err := a.Syncs.Lock(ctx, source)
		if errs.KindOf(err) == errs.NotFound {
			sync, err = domain.Sync{SourceID: source, TenantID: by.Tenant}, nil
		}
		if err != nil {
			return err
		}
		moved := sync.Guild != "" && sync.Guild != edit.Guild
		if sync, err = sync.Edit(edit, by, a.Clock.Now()); err != nil {
			return err
		}
		if moved {
			if mappings, err := a.Syncs.Mappings(ctx, source); err != nil || len(mappings) > 0 {
				return orLeft(err)
			}
		}
		if err := a.put(ctx, sync); err != nil {
			return err
		}
		if view, err = a.view(ctx, sync); err != nil {
			return err
		}
		return a.Audit.Write(ctx, entry("role_sync.changed", sync, map[string]any{"guild": sync.Guild, "mode": string(sync.Mode), "token": edit.Token != nil}))
	})
	return view, err
}

func orNotFound(err error) error {
	if err == nil {
		err = domain.ErrSyncNotFound
	}
	return err
}

func orLeft(err error) error {
	if err == nil {
		err = domain.ErrMappingsLeft
	}
	return err
}

// put stores a synchronisation and makes everybody due.
func (a Administration) put(ctx context.Context, sync domain.Sync) error {
	if err := a.Syncs.Put(ctx, sync); err != nil {
		return err
	}
	a.Tx.AfterCommit(ctx, a.Wake)
	return a.Members.Due(ctx, sync.SourceID, a.Clock.Now())
}

// Delete ends a synchronisation that has given nothing.
func (a Administration) Delete(ctx context.Context, by authz.Actor, source int64) error {
	return a.change(ctx, by, source, func(ctx context.Context, sync domain.Sync) error {
		if mappings, err := a.Syncs.Mappings(ctx, source); err != nil || len(mappings) > 0 {
			return orLeft(err)
		}
		if err := a.Syncs.Delete(ctx, source); err != nil {
			return err
		}
		return a.Audit.Write(ctx, entry("role_sync.deleted", sync, map[string]any{"guild": sync.Guild}))
	})
}

func (a Administration) change(ctx context.Context, by authz.Actor, source int64, do func(ctx context.Context, sync domain.Sync) error) error {
	if err := a.require(ctx, by); err != nil {
		return err
	}
	return a.Tx.Do(ctx, func(ctx context.Context) error {
		sync, err := a.Syncs.Lock(ctx, source)
		if err != nil {
			return err
		}
		return do(ctx, sync)
	})
}

// DiscordRoles lists the roles of the server that can be given.
func (a Administration) DiscordRoles(ctx context.Context, by authz.Actor, source int64) ([]domain.DiscordRole, error) {
	if err := a.require(ctx, by); err != nil {
		return nil, err
	}
	sync, err := a.Syncs.Find(ctx, source)
	if err != nil {
		return nil, err
	}
	return a.discordRoles(ctx, sync)
}

func (a Administration) discordRoles(ctx context.Context, sync domain.Sync) ([]domain.DiscordRole, error) {
	taken, err := a.Budget.Take(ctx, sync, 1, a.Clock.Now())
	if err != nil {
		return nil, err
	}
	problem := domain.Problem{Word: domain.RateLimited}
	var roles []domain.DiscordRole
	if taken {
		roles, problem = a.Discord.Roles(ctx, sync)
	}
	return roles, domain.Refusal(problem)
}

// AddMapping pairs two roles. The synchronisation goes on with a dry run.
func (a Administration) AddMapping(ctx context.Context, by authz.Actor, source int64, draft domain.MappingDraft) (made domain.Mapping, err error) {
	if err := a.require(ctx, by); err != nil {
		return made, err
	}
	sync, err := a.Syncs.Find(ctx, source)
	if err != nil {
		return made, err
	}
	if err := draft.Check(by.Tenant); err != nil {
		return made, err
	}
	if err := a.Tx.Do(ctx, func(ctx context.Context) error { return groups.RequireActive(ctx, a.Groups, draft.Scope) }); err != nil {
		return made, err
	}
	decision, err := a.Roles.CheckReward(ctx, draft.Role, draft.Scope)
	if err == nil {
		err = domain.RequireGivable(decision, draft.Direction)
	}
	if err != nil {
		return made, err
	}
	there, err := a.discordRoles(ctx, sync)
	if err != nil {
		return made, err
	}
	at := slices.IndexFunc(there, func(r domain.DiscordRole) bool { return r.ID == draft.DiscordRole })
	if at < 0 {
		return made, domain.UnknownDiscordRole()
	}
	err = a.change(ctx, by, source, func(ctx context.Context, sync domain.Sync) error {
		made, err = a.Syncs.AddMapping(ctx, source, domain.Mapping{
			DiscordRole: draft.DiscordRole, DiscordName: there[at].Name, Role: decision.Role, Scope: draft.Scope, Direction: draft.Direction,
			DefinedBy: by.User, CreatedAt: a.Clock.Now(),
		})
		if err != nil {
			return err
		}
		if sync.Mode == domain.Active {
			sync.Mode = domain.DryRun
		}
		if err := a.put(ctx, sync); err != nil {
			return err
		}
		return a.Audit.Write(ctx, mappingEntry("role_sync.mapping_added", sync, made))
	})
	return made, err
}

// RemoveMapping ends a pair. What it has given is taken back.
func (a Administration) RemoveMapping(ctx context.Context, by authz.Actor, source, id int64) error {
	return a.change(ctx, by, source, func(ctx context.Context, sync domain.Sync) error {
		mappings, err := a.Syncs.Mappings(ctx, source)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(mappings, func(m domain.Mapping) bool { return m.ID == id && !m.Removed })
		if at < 0 {
			return domain.ErrMappingNotFound
		}
		if err := a.Syncs.RemoveMapping(ctx, source, id); err != nil {
			return err
		}
		if err := a.Syncs.ForgetMappings(ctx, source); err != nil {
			return err
		}
		if err := a.put(ctx, sync); err != nil {
			return err
		}
		return a.Audit.Write(ctx, mappingEntry("role_sync.mapping_removed", sync, mappings[at]))
	})
}

// MaxPeople is how many people are listed.
const MaxPeople = 100

// People lists whose accounts are linked, those with a failure first, and how many there are.
func (a Administration) People(ctx context.Context, by authz.Actor, source int64) ([]domain.Member, int, error) {
	if err := a.require(ctx, by); err != nil {
		return nil, 0, err
	}
	if _, err := a.Syncs.Find(ctx, source); err != nil {
		return nil, 0, err
	}
	return a.Members.List(ctx, source, MaxPeople)
}

// entry names no token.
func entry(action string, sync domain.Sync, metadata map[string]any) audit.Entry {
	return audit.Entry{Action: action, TargetType: "source", TargetID: strconv.FormatInt(sync.SourceID, 10), Metadata: metadata}
}

func mappingEntry(action string, sync domain.Sync, m domain.Mapping) audit.Entry {
	return entry(action, sync, map[string]any{
		"discord_role": m.DiscordRole, "role_id": m.Role.ID, "scope_type": string(m.Scope.Type), "scope_id": m.Scope.ID.String(), "direction": string(m.Direction),
	})
}
