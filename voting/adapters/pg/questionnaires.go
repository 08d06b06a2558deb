package pg

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

// Questionnaires is ports.Questionnaires.
type Questionnaires struct {
	db *pg.DB
}

// NewQuestionnaires keeps questionnaires in db.
func NewQuestionnaires(db *pg.DB) *Questionnaires { return &Questionnaires{db: db} }

// Find returns the questionnaire of a poll.
func (r *Questionnaires) Find(ctx context.Context, poll uuid.UUID) (questionnaire domain.Questionnaire, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var questions []questionRow
		if err := r.db.Conn(ctx).NewSelect().Model(&questions).Where("q.poll_id = ?", poll).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		var options []optionRow
		if err := r.db.Conn(ctx).NewSelect().Model(&options).Where("o.poll_id = ?", poll).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		qs, os := make([]domain.Question, len(questions)), make([]domain.Option, len(options))
		for i := range questions {
			qs[i] = questions[i].toDomain()
		}
		for i := range options {
			os[i] = options[i].toDomain()
		}
		questionnaire = domain.RestoreQuestionnaire(qs, os)
		return nil
	})
	return questionnaire, err
}

// AddQuestions stores new questions.
func (r *Questionnaires) AddQuestions(ctx context.Context, questions ...domain.Question) error {
	if len(questions) == 0 {
		return nil
	}
	rows := make([]*questionRow, len(questions))
	for i, q := range questions {
		rows[i] = toRowQuestion(q)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return questionError(err)
}

// UpdateQuestion stores a changed question.
func (r *Questionnaires) UpdateQuestion(ctx context.Context, question domain.Question) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model(toRowQuestion(question)).ExcludeColumn("tenant_id", "id", "poll_id").
		Where("id = ?", question.ID()).Exec(ctx)
	return questionError(err)
}

// DeleteQuestion removes a question; its options go with it.
func (r *Questionnaires) DeleteQuestion(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*questionRow)(nil)).Where("id = ?", id).Exec(ctx)
	return questionError(err)
}

// AddOptions stores new options.
func (r *Questionnaires) AddOptions(ctx context.Context, options ...domain.Option) error {
	if len(options) == 0 {
		return nil
	}
	rows := make([]*optionRow, len(options))
	for i, o := range options {
		rows[i] = toRowOption(o)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// UpdateOption stores a changed option.
func (r *Questionnaires) UpdateOption(ctx context.Context, option domain.Option) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model(toRowOption(option)).ExcludeColumn("tenant_id", "id", "poll_id", "question_id").
		Where("id = ?", option.ID()).Exec(ctx)
	return pg.Error(err)
}

// DeleteOption removes an option.
func (r *Questionnaires) DeleteOption(ctx context.Context, id uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*optionRow)(nil)).Where("id = ?", id).Exec(ctx)
	if pg.ConstraintName(err) == "ballots_option" {
		return domain.ErrOptionHasVotes.Wrap(err)
	}
	return pg.Error(err)
}

// questionError names the constraints of questions.
func questionError(err error) error {
	switch pg.ConstraintName(err) {
	case "questions_sort_order":
		return domain.ErrSortOrderTaken.Wrap(err)
	case "ballots_option":
		return domain.ErrQuestionHasVotes.Wrap(err)
	}
	return pg.Error(err)
}
