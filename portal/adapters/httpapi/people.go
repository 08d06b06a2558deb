package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
	contentapp "go.updspace.com/portal/content/app"
	groupsapp "go.updspace.com/portal/groups/app"
)

// people is what members see of each other and what waits for them.
type people struct {
	people contentapp.People
	queue  groupsapp.Queue
}

func (s people) ListPeople(ctx context.Context, r portalapi.ListPeopleRequestObject) (portalapi.ListPeopleResponseObject, error) {
	p, err := s.people.List(ctx, actor(ctx), FromAPIListPeople(r.Params))
	return portalapi.ListPeople200JSONResponse{Items: wire.Each(p.Items, ToAPIListedPerson), NextCursor: wire.OrNull(p.Next)}, err
}

func (s people) LookupPeople(ctx context.Context, r portalapi.LookupPeopleRequestObject) (portalapi.LookupPeopleResponseObject, error) {
	found, err := s.people.Lookup(ctx, actor(ctx), r.Params.Ids)
	return portalapi.LookupPeople200JSONResponse{People: wire.Each(found, ToAPIPerson)}, err
}

func (s people) GetMyQueue(ctx context.Context, _ portalapi.GetMyQueueRequestObject) (portalapi.GetMyQueueResponseObject, error) {
	waiting, err := s.queue.Mine(ctx, actor(ctx))
	return portalapi.GetMyQueue200JSONResponse(ToAPIQueue(waiting)), err
}
