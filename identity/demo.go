package identity

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

// Demo is data for demonstration.
type Demo struct {
	Tenants []app.DemoTenant
	Users   []app.DemoUser
}

// DemoPassword is the password of every demo account.
const DemoPassword = "updspace-demo"

// DefaultDemo is what a development platform begins with.
func DefaultDemo() Demo {
	user := func(n byte, email, name string, roles map[string]string) app.DemoUser {
		id := uuid.MustParse("00000000-0000-4000-8000-000000000000")
		id[15] = n
		return app.DemoUser{NewAccount: app.NewAccount{ID: id, Email: email, DisplayName: name, Password: DemoPassword}, Roles: roles}
	}
	admin := user(1, "admin@aef.test", "Ada Admin", map[string]string{"aef": domain.RoleAdmin})
	member := user(2, "member@aef.test", "Mika Member", map[string]string{"aef": domain.RoleMember})
	second := user(3, "second@aef.test", "Sasha Second", map[string]string{"aef": domain.RoleMember})
	suspended := user(4, "suspended@aef.test", "Sam Suspended", map[string]string{"aef": domain.RoleMember})
	suspended.Status = domain.StatusSuspended
	root := user(5, "root@updspace.test", "Robin Root", map[string]string{"aef": domain.RoleMember})
	root.SystemAdmin = true
	outsider := user(6, "outsider@gaming.test", "Olga Outsider", map[string]string{"gaming": domain.RoleAdmin})
	return Demo{
		Tenants: []app.DemoTenant{
			{ID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), Slug: "aef", Name: "AEF"},
			{ID: uuid.MustParse("00000000-0000-0000-0000-000000000002"), Slug: "gaming", Name: "Gaming"},
		},
		Users: []app.DemoUser{admin, member, second, suspended, root, outsider},
	}
}

// SeedDemo makes demo data where it is not there yet. It refuses outside
// development mode, and a service outside it refuses a database that has any.
func SeedDemo(ctx context.Context, cfg Config, d Demo) error {
	if !cfg.Dev() {
		return errors.New("demo data is for development mode only")
	}
	return operate(ctx, cfg, func(ctx context.Context, o operator) error { return o.Demo.Seed(ctx, d.Tenants, d.Users) })
}
