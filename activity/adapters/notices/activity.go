package notices

import (
	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/activityevents"
)

func newsPublished(_ occasion, n activityevents.News) domain.Told { return domain.Told{} }

func newsDeleted(_ occasion, n activityevents.News) domain.Told {
	return domain.Told{Withdrawn: []string{n.SourceRef}}
}
