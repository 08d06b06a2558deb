package pg_test

import (
	"testing"
	"time"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting/adapters/pg"
)

// A new column that can hold a user's id or a person's words is in a section, or it says here why it need not be.
func TestPersonalDataIsComplete(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	sections := personaldata.New("voting", db, audit.New(db), time.Now, pg.PersonalData(db)...).Sections()
	const content, group, word = "content of the poll's community, without an author", "the id of a community or team", "a word of the code"
	service.PersonalData(t, db, sections, map[string]string{
		"polls.settings": content, "polls.amendments": content, "polls.scope_id": group, "polls.access_id": group,
		"polls.template": word, "polls.visibility": word, "polls.access_type": word,
		"questions.title": content, "questions.description": content, "questions.config": content,
		"options.title": content, "options.description": content, "options.media_url": content, "options.game_id": "the id of a game",
		"images.poll_id": "no foreign key, because an image outlives its poll", "images.content_type": word, "images.digest": content,
		"groups.scope_id": group, "groups.community_id": group,
	})
}
