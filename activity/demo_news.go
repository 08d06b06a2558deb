package activity

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// The demo tenant and its accounts, the same in the demo data of all services.
var (
	demoTenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoMember = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test
)

const demoFinals = "00000000-0000-4000-8000-0000000000f1"

// demoNews are the posts of the demo tenant, by their ids.
func demoNews() map[string]domain.NewsDraftInput {
	return map[string]domain.NewsDraftInput{
		demoFinals: {
			Title: "Финалы в воскресенье", Tags: []string{"finals", "stage"}, Visibility: authz.VisibilityPublic,
			Body: "Начинаем в **семь вечера** на большой сцене.\n\n- Шахматы\n- Футбол\n\nThe finals start at **seven**, on the big stage.",
		},
		"00000000-0000-4000-8000-0000000000f2": {Title: "Черновик о сезоне", Body: "Итоги сезона, пока без чисел.", Status: domain.NewsDraft},
	}
}

// seedNews writes the posts of the demo tenant that are missing, with an answer to one of them.
func seedNews(ctx context.Context, db *pg.DB) error {
	author := authz.Actor{Tenant: demoTenant, User: demoAdmin}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, UserID: demoAdmin})
	clock := servicefx.NewDemoClock()
	deps, err := demoNewsDeps(db, clock)
	if err != nil {
		return err
	}
	news := app.NewNews(deps)
	for text, draft := range demoNews() {
		id := uuid.MustParse(text)
		if _, err := deps.News.Find(ctx, id); !errors.Is(err, domain.ErrNewsNotFound) {
			if err != nil {
				return err
			}
			continue
		}
		clock.Ago(2 * day)
		if err := news.Put(ctx, author, id, draft); err != nil {
			return err
		}
		if draft.Status == domain.NewsDraft {
			continue
		}
		clock.Ago(2*day - 22*time.Hour)
		reader := authz.Actor{Tenant: demoTenant, User: demoMember}
		readerCtx := reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, UserID: demoMember})
		if _, err := news.Comment(readerCtx, reader, id, app.AddComment{Body: "Буду! Займите место у сцены."}); err != nil {
			return err
		}
		if _, err := news.React(readerCtx, reader, id, "🔥", true); err != nil {
			return err
		}
	}
	return nil
}
