package voting

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

// The demo tenant and its accounts, the same in the demo data of all services.
var (
	demoTenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoMember = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test
)

const day = 24 * time.Hour

const demoTitle = "Which day for the next game night?"

// SeedDemo makes a poll in every phase, unless they are there, through the use cases. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg.ServiceConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	clock := servicefx.NewDemoClock()
	deps, err := newDeps(authz.AllowAll{}, db, newEvents(db, clock), audit.New(db), idempotency.NewStore(db), clock, nil)
	if err != nil {
		return err
	}
	as := func(user uuid.UUID) (context.Context, authz.Actor) {
		return reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, UserID: user}), authz.Actor{Tenant: demoTenant, User: user}
	}
	adminCtx, admin := as(demoAdmin)
	polls := app.Polls{Deps: deps}
	if list, err := polls.List(adminCtx, admin, app.ListPolls{Query: demoTitle}); err != nil || list.Total > 0 {
		return err
	}
	if err := seedAwards(adminCtx, admin, as, clock, polls, app.Ballots{Deps: deps}); err != nil {
		return err
	}
	clock.Ago(2*day + 3*time.Hour)
	poll, err := polls.Create(adminCtx, admin, app.CreatePoll{
		Poll: domain.PollDraft{Title: demoTitle, Description: "Snacks are provided.", Rules: domain.Rules{AllowRevoting: true, Results: domain.ResultsAlways}},
		Questions: []domain.QuestionDraft{
			{Title: "Day", MaxVotes: 2, IsRequired: true, Options: options("Friday", "Saturday", "Sunday")},
			{Title: "Во что играем?", Kind: domain.KindGame, Options: options("Космос", "Подземелье", "Гонка", "Остров")},
			{Title: "Snacks", MaxVotes: 3, Options: options("Pizza", "Fruit", "Cake")},
		},
	})
	if err != nil {
		return err
	}
	if cfg.Blobs.Dir != "" {
		if err := seedPictures(adminCtx, admin, deps, cfg.Blobs.Dir, poll.Poll.ID()); err != nil {
			return err
		}
	}
	active := domain.StatusActive
	if _, err := polls.Update(adminCtx, admin, poll.Poll.ID(), app.UpdatePoll{Status: &active}); err != nil {
		return err
	}
	memberCtx, member := as(demoMember)
	info, err := polls.Info(memberCtx, member, poll.Poll.ID())
	if err != nil {
		return err
	}
	option := info.Questionnaire.Options()[1].Data()
	clock.Ago(30 * time.Hour)
	ballots := app.Ballots{Deps: deps}
	if _, err = ballots.Cast(memberCtx, member, app.CastBallot{PollID: option.PollID, QuestionID: option.QuestionID, OptionID: option.ID}); err != nil {
		return err
	}
	clock.Ago(0)
	return seedFurther(adminCtx, admin, clock.Now(), polls)
}

// seedPictures draws a picture for each option of the second question of a draft.
func seedPictures(ctx context.Context, admin authz.Actor, deps app.Deps, dir string, poll uuid.UUID) error {
	folder, err := blob.OpenFolder(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	deps.Blobs = folder
	images, questions := app.Images{Deps: deps}, app.Questions{Deps: deps}
	questionnaire, err := deps.Questionnaires.Find(ctx, poll)
	if err != nil {
		return err
	}
	for i, option := range questionnaire.OptionsOf(questionnaire.Questions()[1].ID()) {
		var picture bytes.Buffer
		if err := png.Encode(&picture, drawDemo(i)); err != nil {
			return err
		}
		ctx := reqctx.With(ctx, reqctx.Context{TenantID: admin.Tenant, UserID: admin.User, RequestID: fmt.Sprint("demo picture ", i)})
		uploaded, err := images.Upload(ctx, admin, poll, &picture)
		if err != nil {
			return err
		}
		url := uploaded.URL()
		if _, err := questions.EditOption(ctx, admin, poll, option.ID(), domain.OptionEdit{MediaURL: &url}); err != nil {
			return err
		}
	}
	return nil
}

// drawDemo draws a sun over two hills, in one of a few colours.
func drawDemo(i int) image.Image {
	const size = 192
	inks := []color.RGBA{{0x3b, 0x6f, 0xd4, 0xff}, {0x8a, 0x4f, 0xc0, 0xff}, {0xd0, 0x5a, 0x3c, 0xff}, {0x2f, 0x94, 0x6b, 0xff}}
	ink, canvas := inks[i%len(inks)], image.NewRGBA(image.Rect(0, 0, size, size))
	shade := func(c uint8, by int) uint8 { return uint8(int(c) + (255-int(c))*by/100) } //nolint:gosec // at most 255
	for y := range size {
		for x := range size {
			light := 45
			if dx, dy := x-size*2/3, y-size/3; dx*dx+dy*dy < 30*30 {
				light = 85
			}
			if dx := x - size/4; y > size/2+dx*dx/200 {
				light = 20
			}
			if dx := x - size*3/4; y > size*5/8+dx*dx/300 {
				light = 0
			}
			canvas.SetRGBA(x, y, color.RGBA{shade(ink.R, light), shade(ink.G, light), shade(ink.B, light), 0xff})
		}
	}
	return canvas
}

// seedFurther makes a scheduled poll and a draft.
func seedFurther(ctx context.Context, admin authz.Actor, now time.Time, polls app.Polls) error {
	for _, in := range []app.CreatePoll{
		{
			Poll: domain.PollDraft{
				Title: "Карта для турнира выходного дня", Description: "Голосование откроется само, итоги — в субботу.",
				Schedule: domain.Schedule{Starts: now.Add(24 * time.Hour), Ends: now.Add(5 * 24 * time.Hour)},
			},
			Status:    domain.StatusActive,
			Questions: []domain.QuestionDraft{{Title: "Карта", IsRequired: true, Options: options("Mirage", "Inferno", "Nuke", "Ancient")}},
		},
		{Poll: domain.PollDraft{Title: "Анкета новичка", Template: "survey"}},
	} {
		if _, err := polls.Create(ctx, admin, in); err != nil {
			return err
		}
	}
	return nil
}

// seedAwards makes a closed poll with the votes of two dozen people.
func seedAwards(
	ctx context.Context, admin authz.Actor, as func(uuid.UUID) (context.Context, authz.Actor), clock *servicefx.DemoClock, polls app.Polls, ballots app.Ballots,
) error {
	clock.Ago(16 * day)
	poll, err := polls.Create(ctx, admin, app.CreatePoll{
		Poll:   domain.PollDraft{Title: "Премия сообщества: игры года", Description: "Три номинации, один голос в каждой."},
		Status: domain.StatusActive,
		Questions: []domain.QuestionDraft{
			{Title: "Лучшая игра года", Kind: domain.KindGame, IsRequired: true, Options: options("Baldur's Gate 3", "Elden Ring", "Hades II")},
			{Title: "Лучшая инди-игра", Kind: domain.KindGame, Options: options("Balatro", "Animal Well", "Pizza Tower")},
			{Title: "Best co-op evening", Options: options("Deep Rock Galactic", "It Takes Two")},
		},
	})
	if err != nil {
		return err
	}
	info, err := polls.Info(ctx, admin, poll.Poll.ID())
	if err != nil {
		return err
	}
	for voter := range 24 {
		clock.Ago(16*day - time.Duration(voter+1)*5*time.Hour)
		userCtx, user := as(uuid.NewSHA1(demoTenant, []byte{byte(voter)}))
		var answers []domain.Answer
		for i, q := range info.Questionnaire.Questions() {
			choices := info.Questionnaire.OptionsOf(q.ID())
			answers = append(answers, domain.Answer{QuestionID: q.ID(), OptionIDs: []uuid.UUID{choices[voter*(i+2)/5%len(choices)].ID()}})
		}
		if _, err := ballots.Replace(userCtx, user, app.ReplaceBallot{PollID: poll.Poll.ID(), Answers: answers}); err != nil {
			return err
		}
	}
	clock.Ago(9 * day)
	closed := domain.StatusClosed
	_, err = polls.Update(ctx, admin, poll.Poll.ID(), app.UpdatePoll{Status: &closed})
	return err
}

func options(titles ...string) []domain.OptionDraft {
	drafts := make([]domain.OptionDraft, len(titles))
	for i, title := range titles {
		drafts[i].Title = title
	}
	return drafts
}
