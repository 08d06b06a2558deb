package app_test

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	portal "go.updspace.com/portal/ports"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// faulty returns ports whose calls may fail.
func faulty(f *faults.Faults, d contentapp.Deps) contentapp.Deps {
	d.Access, d.Tx, d.Once, d.Events = faults.Access(f, d.Access), faults.NewTx(f, d.Tx), faults.Once(f, d.Once), faults.NewEvents(f, d.Events)
	d.Posts, d.Targets, d.Roles, d.Files = faultyPosts{d.Posts, f}, faultyTargets{d.Targets, f}, faultyRoles{d.Roles, f}, faultyFiles{d.Files, f}
	d.Profiles, d.Accounts, d.People, d.Public = faultyProfiles{d.Profiles, f}, faultyAccounts{d.Accounts, f}, faultyPeople{d.People, f}, faultyCards{d.Public, f}
	d.Quota, d.Audit, d.Blobs = faultyQuota{d.Quota, f}, faultyAudit{d.Audit, f}, faultyBlobs{d.Blobs, f}
	return d
}

type faultyPosts struct {
	contentports.Posts
	f *faults.Faults
}

func (p faultyPosts) Find(ctx context.Context, id uuid.UUID) (contentdomain.Post, error) {
	return faults.Call(p.f, func() (contentdomain.Post, error) { return p.Posts.Find(ctx, id) })
}

func (p faultyPosts) Lock(ctx context.Context, id uuid.UUID) (contentdomain.Post, error) {
	return faults.Call(p.f, func() (contentdomain.Post, error) { return p.Posts.Lock(ctx, id) })
}

func (p faultyPosts) Add(ctx context.Context, post contentdomain.Post) error {
	return faults.Do(p.f, func() error { return p.Posts.Add(ctx, post) })
}

func (p faultyPosts) Update(ctx context.Context, post contentdomain.Post) error {
	return faults.Do(p.f, func() error { return p.Posts.Update(ctx, post) })
}

func (p faultyPosts) Delete(ctx context.Context, id uuid.UUID, at time.Time) error {
	return faults.Do(p.f, func() error { return p.Posts.Delete(ctx, id, at) })
}

func (p faultyPosts) Page(
	ctx context.Context, search contentports.PostSearch, viewer contentdomain.PostViewer, after contentports.PostKey, limit int,
) ([]contentdomain.Post, error) {
	return faults.Call(p.f, func() ([]contentdomain.Post, error) { return p.Posts.Page(ctx, search, viewer, after, limit) })
}

func (p faultyPosts) Purge(ctx context.Context, before time.Time) (int64, error) {
	return faults.Call(p.f, func() (int64, error) { return p.Posts.Purge(ctx, before) })
}

type faultyTargets struct {
	contentports.PostTargets
	f *faults.Faults
}

func (p faultyTargets) Open(ctx context.Context, scope authz.Scope) (contentdomain.PostScope, error) {
	return faults.Call(p.f, func() (contentdomain.PostScope, error) { return p.PostTargets.Open(ctx, scope) })
}

func (p faultyTargets) CommunityOf(ctx context.Context, team uuid.UUID) (uuid.UUID, error) {
	return faults.Call(p.f, func() (uuid.UUID, error) { return p.PostTargets.CommunityOf(ctx, team) })
}

type faultyRoles struct {
	contentports.GroupRoles
	f *faults.Faults
}

func (p faultyRoles) Ranks(ctx context.Context, user uuid.UUID) (map[uuid.UUID]int, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]int, error) { return p.GroupRoles.Ranks(ctx, user) })
}

type faultyFiles struct {
	contentports.Files
	f *faults.Faults
}

func (p faultyFiles) Add(ctx context.Context, file contentdomain.File) error {
	return faults.Do(p.f, func() error { return p.Files.Add(ctx, file) })
}

func (p faultyFiles) Find(ctx context.Context, id uuid.UUID) (contentdomain.File, error) {
	return faults.Call(p.f, func() (contentdomain.File, error) { return p.Files.Find(ctx, id) })
}

func (p faultyFiles) FindEach(ctx context.Context, ids []uuid.UUID) ([]contentdomain.File, error) {
	return faults.Call(p.f, func() ([]contentdomain.File, error) { return p.Files.FindEach(ctx, ids) })
}

func (p faultyFiles) Complete(ctx context.Context, file contentdomain.File) error {
	return faults.Do(p.f, func() error { return p.Files.Complete(ctx, file) })
}

func (p faultyFiles) Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, at time.Time) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Files.Attach(ctx, post, ids, at) })
}

func (p faultyFiles) Describe(ctx context.Context, files []contentdomain.File) error {
	return faults.Do(p.f, func() error { return p.Files.Describe(ctx, files) })
}

func (p faultyFiles) Discard(ctx context.Context, at time.Time, ids ...uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Files.Discard(ctx, at, ids...) })
}

func (p faultyFiles) Abandoned(ctx context.Context, before time.Time, limit int) ([]contentdomain.File, error) {
	return faults.Call(p.f, func() ([]contentdomain.File, error) { return p.Files.Abandoned(ctx, before, limit) })
}

func (p faultyFiles) Forget(ctx context.Context, ids ...uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Files.Forget(ctx, ids...) })
}

type faultyProfiles struct {
	contentports.Profiles
	f *faults.Faults
}

func (p faultyProfiles) Find(ctx context.Context, user uuid.UUID) (contentdomain.Profile, error) {
	return faults.Call(p.f, func() (contentdomain.Profile, error) { return p.Profiles.Find(ctx, user) })
}

func (p faultyProfiles) FindEach(ctx context.Context, users []uuid.UUID) ([]contentdomain.Profile, error) {
	return faults.Call(p.f, func() ([]contentdomain.Profile, error) { return p.Profiles.FindEach(ctx, users) })
}

func (p faultyProfiles) Lock(ctx context.Context, user uuid.UUID) (contentdomain.Profile, error) {
	return faults.Call(p.f, func() (contentdomain.Profile, error) { return p.Profiles.Lock(ctx, user) })
}

func (p faultyProfiles) Save(ctx context.Context, profile contentdomain.Profile) error {
	return faults.Do(p.f, func() error { return p.Profiles.Save(ctx, profile) })
}

func (p faultyProfiles) Page(ctx context.Context, words string, after contentports.ProfileKey, limit int) ([]contentdomain.Profile, error) {
	return faults.Call(p.f, func() ([]contentdomain.Profile, error) { return p.Profiles.Page(ctx, words, after, limit) })
}

type faultyAccounts struct {
	contentports.Accounts
	f *faults.Faults
}

func (p faultyAccounts) Find(ctx context.Context, user uuid.UUID) (contentdomain.Account, error) {
	return faults.Call(p.f, func() (contentdomain.Account, error) { return p.Accounts.Find(ctx, user) })
}

func (p faultyAccounts) Save(ctx context.Context, account contentdomain.Account) error {
	return faults.Do(p.f, func() error { return p.Accounts.Save(ctx, account) })
}

func (p faultyAccounts) Claim(ctx context.Context, user uuid.UUID) (contentdomain.Account, error) {
	return faults.Call(p.f, func() (contentdomain.Account, error) { return p.Accounts.Claim(ctx, user) })
}

func (p faultyAccounts) Profiles(ctx context.Context, user uuid.UUID) ([]contentdomain.Profile, error) {
	return faults.Call(p.f, func() ([]contentdomain.Profile, error) { return p.Accounts.Profiles(ctx, user) })
}

func (p faultyAccounts) Taken(ctx context.Context, profile contentdomain.Profile) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Accounts.Taken(ctx, profile) })
}

type faultyPeople struct {
	contentports.People
	f *faults.Faults
}

func (p faultyPeople) List(
	ctx context.Context, search contentports.PeopleSearch, after contentports.PersonKey, limit int,
) ([]contentports.ListedPerson, error) {
	return faults.Call(p.f, func() ([]contentports.ListedPerson, error) { return p.People.List(ctx, search, after, limit) })
}

func (p faultyPeople) Lookup(ctx context.Context, users []uuid.UUID) ([]contentdomain.Person, error) {
	return faults.Call(p.f, func() ([]contentdomain.Person, error) { return p.People.Lookup(ctx, users) })
}

type faultyCards struct {
	contentports.PublicCards
	f *faults.Faults
}

func (p faultyCards) PublicCard(ctx context.Context) (contentdomain.PublicCard, error) {
	return faults.Call(p.f, func() (contentdomain.PublicCard, error) { return p.PublicCards.PublicCard(ctx) })
}

func (p faultyCards) PublicPosts(ctx context.Context, renderer string) ([]contentports.AuthoredPost, error) {
	return faults.Call(p.f, func() ([]contentports.AuthoredPost, error) { return p.PublicCards.PublicPosts(ctx, renderer) })
}

type faultyQuota struct {
	contentports.Quota
	f *faults.Faults
}

func (p faultyQuota) Take(ctx context.Context, rule string, user uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Quota.Take(ctx, rule, user) })
}

type faultyAudit struct {
	portal.AuditLog
	f *faults.Faults
}

func (p faultyAudit) Write(ctx context.Context, entries ...audit.Entry) error {
	return faults.Do(p.f, func() error { return p.AuditLog.Write(ctx, entries...) })
}

type faultyBlobs struct {
	blob.Store
	f *faults.Faults
}

func (p faultyBlobs) Put(ctx context.Context, key string, content io.Reader) error {
	return faults.Do(p.f, func() error { return p.Store.Put(ctx, key, content) })
}

func (p faultyBlobs) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	return faults.Call(p.f, func() (io.ReadSeekCloser, error) { return p.Store.Open(ctx, key) })
}

func (p faultyBlobs) Delete(ctx context.Context, key string) error {
	return faults.Do(p.f, func() error { return p.Store.Delete(ctx, key) })
}

func (p faultyBlobs) Link(ctx context.Context, key string, as blob.Link) (string, error) {
	return faults.Call(p.f, func() (string, error) { return p.Store.Link(ctx, key, as) })
}
