package drill

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"

	bff "go.updspace.com/bff/domain"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/tools/journey"
)

// tenant is that of the demo data.
var tenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")

// person is a member who is signed in.
type person struct {
	*journey.Browser

	id uuid.UUID
}

// crowd makes members who are signed in. Their sessions are written where the gateway stores them: signing in is not what they are for.
func (c *Cluster) crowd(ctx context.Context, transport http.RoundTripper, n int) ([]person, error) {
	cfg, err := config.Parse[identity.Config](c.env("identity"))
	if err != nil {
		return nil, err
	}
	var demo identity.Demo
	for i := range n {
		u := identity.DefaultDemo().Users[1]
		u.ID, u.Username, u.DisplayName, u.Password = uuid.New(), fmt.Sprintf("drill-%d", i), fmt.Sprintf("Drill %d", i), ""
		u.Email = u.Username + "@aef.test"
		demo.Users = append(demo.Users, u)
	}
	if err := identity.SeedDemo(ctx, cfg, demo); err != nil {
		return nil, err
	}
	sessions, err := sql.Open("pgx", c.DatabaseURL("db_bff"))
	if err != nil {
		return nil, err
	}
	defer sessions.Close()
	var people []person
	for _, u := range demo.Users {
		session, token := bff.NewSession(tenant, bff.SignIn{UserID: u.ID, SID: uuid.New()}, time.Now().UTC())
		if _, err := sessions.ExecContext(ctx, "INSERT INTO sessions (token_hash, tenant_id, user_id, sid, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
			session.ID[:], session.TenantID, session.UserID, session.SID, session.CreatedAt, session.ExpiresAt); err != nil {
			return nil, err
		}
		b := journey.NewBrowser(c.Origin("aef"), transport, nil)
		b.Remember("updspace_session", string(token))
		b.Remember("updspace_csrf", bff.NewCSRFToken(token))
		people = append(people, person{b, u.ID})
	}
	return people, c.known(ctx, people)
}

// known waits until access and activity have heard of people: until then they are asked about in vain.
func (c *Cluster) known(ctx context.Context, people []person) error {
	var ids []string
	for _, p := range people {
		ids = append(ids, p.id.String())
	}
	for database, query := range map[string]string{
		"db_access":   "SELECT count(*) FROM tenant_members WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[])",
		"db_activity": "SELECT count(*) FROM notification_members WHERE tenant_id = $1 AND scope_type = 'TENANT' AND user_id = ANY ($2::uuid[])",
	} {
		if err := c.await(ctx, database, len(people), query, tenant, ids); err != nil {
			return err
		}
	}
	return nil
}

// await waits until a query of a database counts n.
func (c *Cluster) await(ctx context.Context, database string, n int, query string, args ...any) error {
	db, err := sql.Open("pgx", c.DatabaseURL(database))
	if err != nil {
		return err
	}
	defer db.Close()
	return until(ctx, func() error {
		var counted int
		if err := db.QueryRowContext(ctx, query, args...).Scan(&counted); err != nil {
			return err
		}
		if counted != n {
			return fmt.Errorf("%s: %d, not %d: %s", database, counted, n, query)
		}
		return nil
	})
}
