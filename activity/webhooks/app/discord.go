package app

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.updspace.com/activity/discord"
	"go.updspace.com/activity/webhooks/domain"
)

// kindWords say above an embed what happened.
var kindWords = map[string]map[domain.Language]string{
	domain.Test:                          {domain.English: "A test message", domain.Russian: "Проверка связи"},
	"portal.community.created":           {domain.English: "New community", domain.Russian: "Новое сообщество"},
	"portal.team.created":                {domain.English: "New team", domain.Russian: "Новая команда"},
	"portal.post.created":                {domain.English: "New post", domain.Russian: "Новая запись"},
	"portal.post.updated":                {domain.English: "Post changed", domain.Russian: "Запись изменена"},
	"portal.post.deleted":                {domain.English: "Post deleted", domain.Russian: "Запись удалена"},
	"activity.news.published":            {domain.English: "News", domain.Russian: "Новость"},
	"voting.poll.published":              {domain.English: "New poll", domain.Russian: "Новое голосование"},
	"voting.poll.opened":                 {domain.English: "Poll opened", domain.Russian: "Голосование открыто"},
	"voting.poll.closed":                 {domain.English: "Poll closed", domain.Russian: "Голосование завершено"},
	"voting.poll.deleted":                {domain.English: "Poll deleted", domain.Russian: "Голосование удалено"},
	"events.event.created":               {domain.English: "New event", domain.Russian: "Новое событие"},
	"events.event.updated":               {domain.English: "Event changed", domain.Russian: "Событие изменено"},
	"events.event.cancelled":             {domain.English: "Event cancelled", domain.Russian: "Событие отменено"},
	"events.event.deleted":               {domain.English: "Event deleted", domain.Russian: "Событие удалено"},
	"gamification.achievement.published": {domain.English: "New achievement", domain.Russian: "Новое достижение"},
	"gamification.grant.created":         {domain.English: "Achievement granted", domain.Russian: "Достижение выдано"},
	"gamification.grant.revoked":         {domain.English: "Achievement revoked", domain.Russian: "Достижение отозвано"},
	"gamification.level.reached":         {domain.English: "Level reached", domain.Russian: "Новый уровень"},
	"gamification.season.closed":         {domain.English: "Season closed", domain.Russian: "Сезон завершён"},
}

// pages are the pages of the portal that embeds lead to: the path, and the field whose id ends it. What was deleted has none.
var pages = map[string][2]string{
	"portal.community.created":           {"/c/", "community_id"},
	"portal.team.created":                {"/t/", "team_id"},
	"portal.post.created":                {"/posts/", "post_id"},
	"portal.post.updated":                {"/posts/", "post_id"},
	"activity.news.published":            {"/news/", "news_id"},
	"voting.poll.published":              {"/polls/", "poll_id"},
	"voting.poll.opened":                 {"/polls/", "poll_id"},
	"voting.poll.closed":                 {"/polls/", "poll_id"},
	"events.event.created":               {"/events/", "event_id"},
	"events.event.updated":               {"/events/", "event_id"},
	"events.event.cancelled":             {"/events/", "event_id"},
	"gamification.achievement.published": {"/achievements/", "achievement_id"},
	"gamification.grant.created":         {"/achievements/", "achievement_id"},
}

// embed makes the body of a message for Discord. data are the fields that leave the platform.
func embed(language domain.Language, origin, kind string, at time.Time, data map[string]any) ([]byte, error) {
	e := discord.Embed{Author: &discord.Named{Name: kindWords[kind][language]}, Title: discord.Plain(titleOf(language, data)), Timestamp: &at}
	if e.Title == "" {
		e.Title = e.Author.Name
	}
	if page, ok := pages[kind]; ok && origin != "" {
		if id, _ := data[page[1]].(string); id != "" {
			e.URL = origin + page[0] + id
		}
	}
	var moments []string
	for _, field := range []string{"starts_at", "ends_at"} {
		text, _ := data[field].(string)
		if moment, err := time.Parse(time.RFC3339, text); err == nil {
			moments = append(moments, discord.Time(moment))
		}
	}
	e.Description = strings.Join(moments, " – ")
	return discord.NewMessage(e).JSON()
}

// titleOf is the title of what happened, or its name in the language, or in any other that it has.
func titleOf(language domain.Language, data map[string]any) string {
	for _, field := range []string{"title", "name"} {
		if text, _ := data[field].(string); text != "" {
			return text
		}
	}
	names := map[string]string{}
	for _, field := range []string{"names", "titles"} {
		list, _ := data[field].([]any)
		for _, entry := range list {
			name, _ := entry.(map[string]any)
			in, _ := name["language"].(string)
			names[in], _ = name["text"].(string)
		}
	}
	if text := names[string(language)]; text != "" {
		return text
	}
	for _, in := range slices.Sorted(maps.Keys(names)) {
		if names[in] != "" {
			return names[in]
		}
	}
	return ""
}
