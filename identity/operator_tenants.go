package identity

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
)

// tenantVerbs are the commands for communities.
var tenantVerbs = []verb{
	{"tenant-list", "SEARCH: list the communities whose name or slug has SEARCH in it (- for all)", func(ctx context.Context, o operator, a []string) error {
		return listTenants(ctx, o, none(a[0]))
	}},
	{"tenant-create", "SLUG NAME: make a community", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Tenants.Create(ctx, uuid.Nil, a[0], a[1])
		return err
	}},
	{"tenant-rename", "SLUG NAME: change the name of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.Rename(ctx, a[0], a[1])
	}},
	{"tenant-set", "SLUG SETTING VALUE: change a community: description, hue, chroma, languages (with commas), default-language, membership invitation, application or open", func(ctx context.Context, o operator, a []string) error {
		return setTenant(ctx, o, a[0], a[1], a[2])
	}},
	{"tenant-close", "SLUG REASON: close a community; its data is kept, and its members read the reason in a mail", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Tenants.Close(ctx, a[0], a[1])
		return err
	}},
	{"tenant-reopen", "SLUG REASON: open a closed community again", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Tenants.Reopen(ctx, a[0], a[1])
		return err
	}},
}

func listTenants(ctx context.Context, o operator, search string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "SLUG\tNAME\tMEMBERS\tMEMBERSHIP\tSTATE")
	for request := (page.Request{Limit: page.MaxLimit}); ; {
		found, err := o.Tenants.List(ctx, ports.TenantFilter{Text: search}, request)
		if err != nil {
			return err
		}
		for _, t := range found.Items {
			state := "open"
			if t.ClosedAt != nil {
				state = "closed"
			}
			fmt.Fprintf(out, "%s\t%s\t%d\t%s\t%s\n", t.Slug, t.Name, t.Members, t.Admission, state)
		}
		if request.Cursor = found.Next; request.Cursor == "" {
			return out.Flush()
		}
	}
}

func setTenant(ctx context.Context, o operator, slug, setting, value string) (err error) {
	var e domain.TenantEdit
	switch setting {
	case "description":
		e.Description = new(none(value))
	case "hue":
		var hue int
		hue, err = strconv.Atoi(value)
		e.Hue = &hue
	case "chroma":
		var chroma float64
		chroma, err = strconv.ParseFloat(value, 64)
		e.Chroma = &chroma
	case "languages":
		e.Languages = new(strings.Split(value, ","))
	case "default-language":
		e.DefaultLanguage = &value
	case "membership":
		e.Admission = new(domain.Admission(value))
	default:
		err = fmt.Errorf("there is no setting %s", setting)
	}
	if err != nil {
		return err
	}
	tenant, err := o.Tenants.Open(ctx, slug)
	if err == nil {
		_, err = o.Tenants.Edit(ctx, slug, tenant.Version, e)
	}
	return err
}
