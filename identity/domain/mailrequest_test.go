package domain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

func TestMailRequestsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	request := func() domain.MailRequest {
		return domain.MailRequest{
			ID: uuid.New(), User: uuid.New(), Kind: "events.reminder",
			Contents: []domain.MailContent{{Language: "en", Subject: "Raid", Text: "Soon.\n"}, {Language: "ru", Subject: "Рейд", Text: "Скоро.\n", HTML: "<p>Скоро."}},
			Attachments: []domain.MailAttachment{
				{Name: "invite.ics", ContentType: "text/calendar; charset=utf-8; method=REQUEST", Content: []byte("x"), Alternative: true},
				{Name: "map.png", ContentType: "image/png", Content: make([]byte, domain.MaxMailFiles-1)},
			},
		}
	}
	checked, err := request().Checked(now, "reply.test")
	require.NoError(t, err)
	require.Equal(t, now.Add(24*time.Hour), checked.ExpiresAt)
	require.Equal(t, "text/calendar; method=REQUEST", checked.Attachments[0].ContentType)

	for name, c := range map[string]struct {
		change func(*domain.MailRequest)
		field  string // empty: it is allowed
	}{
		"an address":                   {func(r *domain.MailRequest) { r.User, r.Address = uuid.Nil, " Guest@x.test " }, ""},
		"answers to our domain":        {func(r *domain.MailRequest) { r.ReplyTo = "reply+x@Reply.test" }, ""},
		"answers to elsewhere":         {func(r *domain.MailRequest) { r.ReplyTo = "reply+x@other.test" }, "reply_to"},
		"answers to a suffix":          {func(r *domain.MailRequest) { r.ReplyTo = "reply+x@evilreply.test" }, "reply_to"},
		"answers that add headers":     {func(r *domain.MailRequest) { r.ReplyTo = "x@reply.test\r\nBcc: b@x.test" }, "reply_to"},
		"an attendee of a calendar":    {func(r *domain.MailRequest) { r.Attachments[0].Attendee = true }, ""},
		"an attendee of a picture":     {func(r *domain.MailRequest) { r.Attachments[1].Attendee = true }, "attachments.attendee"},
		"an early end":                 {func(r *domain.MailRequest) { r.ExpiresAt = now.Add(-time.Hour) }, ""},
		"the latest end":               {func(r *domain.MailRequest) { r.ExpiresAt = now.Add(7 * 24 * time.Hour) }, ""},
		"no id":                        {func(r *domain.MailRequest) { r.ID = uuid.Nil }, "message_id"},
		"no recipient":                 {func(r *domain.MailRequest) { r.User = uuid.Nil }, "to_user"},
		"a user and an address":        {func(r *domain.MailRequest) { r.Address = "guest@x.test" }, "to_user"},
		"an address that is none":      {func(r *domain.MailRequest) { r.User, r.Address = uuid.Nil, "guest" }, "to_address"},
		"an address that adds headers": {func(r *domain.MailRequest) { r.User, r.Address = uuid.Nil, "a@x.test\r\nBcc: b@x.test" }, "to_address"},
		"a kind without a service":     {func(r *domain.MailRequest) { r.Kind = "reminder" }, "kind"},
		"a long kind":                  {func(r *domain.MailRequest) { r.Kind = "events." + strings.Repeat("a", 60) }, "kind"},
		"no content":                   {func(r *domain.MailRequest) { r.Contents = nil }, "contents"},
		"too many contents":            {func(r *domain.MailRequest) { r.Contents = slices.Repeat(r.Contents, 5) }, "contents"},
		"a language twice":             {func(r *domain.MailRequest) { r.Contents[1].Language = "en" }, "contents.language"},
		"a language that is none":      {func(r *domain.MailRequest) { r.Contents[0].Language = "english" }, "contents.language"},
		"no subject":                   {func(r *domain.MailRequest) { r.Contents[0].Subject = " " }, "contents.subject"},
		"a subject of two lines":       {func(r *domain.MailRequest) { r.Contents[0].Subject = "a\r\nBcc: b@x.test" }, "contents.subject"},
		"a long subject":               {func(r *domain.MailRequest) { r.Contents[0].Subject = strings.Repeat("a", 201) }, "contents.subject"},
		"a long text":                  {func(r *domain.MailRequest) { r.Contents[0].Text = strings.Repeat("a", 20_001) }, "contents.text"},
		"a page with NUL":              {func(r *domain.MailRequest) { r.Contents[0].HTML = "\x00" }, "contents.html"},
		"long pages":                   {func(r *domain.MailRequest) { r.Contents[0].HTML = strings.Repeat("a", 128<<10) }, "contents"},
		"too many files": {func(r *domain.MailRequest) {
			r.Attachments = slices.Repeat(r.Attachments[:1], 11)
		}, "attachments"},
		"large files":              {func(r *domain.MailRequest) { r.Attachments[0].Content = []byte("xx") }, "attachments"},
		"a file without a name":    {func(r *domain.MailRequest) { r.Attachments[0].Name = "../" }, "attachments.name"},
		"a file of no type":        {func(r *domain.MailRequest) { r.Attachments[0].ContentType = "calendar" }, "attachments.content_type"},
		"a file with parts":        {func(r *domain.MailRequest) { r.Attachments[1].ContentType = "multipart/mixed" }, "attachments.content_type"},
		"a picture as alternative": {func(r *domain.MailRequest) { r.Attachments[1].Alternative = true }, "attachments.alternative"},
		"a late end":               {func(r *domain.MailRequest) { r.ExpiresAt = now.Add(8 * 24 * time.Hour) }, "expires_at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request()
			c.change(&r)
			checked, err := r.Checked(now, "reply.test")
			if c.field == "" {
				require.NoError(t, err)
				if r.Address != "" {
					require.Equal(t, "guest@x.test", checked.Address)
				}
				return
			}
			var e *errs.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, errs.Invalid, e.Kind)
			require.Contains(t, e.Fields, c.field)
		})
	}
}

func TestAMailIsInALanguageOfItsRecipient(t *testing.T) {
	t.Parallel()
	r := domain.MailRequest{Contents: []domain.MailContent{{Language: "en"}, {Language: "ru"}}}
	for _, c := range []struct{ own, tenant, want string }{{"ru", "en", "ru"}, {"en", "ru", "en"}, {"", "ru", "ru"}, {"de", "ru", "ru"}, {"de", "fr", "en"}} {
		require.Equal(t, c.want, r.In(c.own, c.tenant).Language)
	}
}

func TestMailSubscriptionsTravel(t *testing.T) {
	t.Parallel()
	tenant, user := uuid.New(), uuid.New()
	ofUser := domain.MailRequest{User: user, Kind: "events.reminder"}.Subscription(tenant)
	require.Equal(t, domain.MailSubscription{Tenant: tenant, User: user, Kind: "events.reminder"}, ofUser)
	guest := domain.MailRequest{Address: "guest@x.test", Kind: "events.invitation"}
	ofAddress := guest.Subscription(tenant)
	require.NotZero(t, ofAddress.Address)
	require.NotContains(t, string(ofAddress.Encode()), "guest")
	require.NotEqual(t, ofAddress.Address, guest.Subscription(uuid.New()).Address, "of each tenant another hash")
	for _, s := range []domain.MailSubscription{ofUser, ofAddress} {
		got, ok := domain.DecodeMailSubscription(s.Encode())
		require.True(t, ok)
		require.Equal(t, s, got)
		for cut := range len(s.Encode()) {
			_, ok := domain.DecodeMailSubscription(s.Encode()[:cut])
			require.False(t, ok, "%d", cut)
		}
	}
}
