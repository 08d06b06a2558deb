package httpapi

import (
	"context"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
	portalapp "go.updspace.com/portal/app"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

// search is what can be found, and what guests find.
type search struct {
	search portalapp.Search
	posts  contentapp.Posts
}

func (s search) SearchPortal(ctx context.Context, r portalapi.SearchPortalRequestObject) (portalapi.SearchPortalResponseObject, error) {
	found, err := s.search.Find(ctx, actor(ctx), r.Params.Q, wire.Value(r.Params.Limit))
	if err != nil {
		return nil, err
	}
	return portalapi.SearchPortal200JSONResponse{
		People: wire.Each(found.People, ToAPIPerson), Communities: wire.Each(found.Communities, ToAPIGroup),
		Teams: wire.Each(found.Teams, ToAPIGroup), Posts: wire.Each(found.Posts, ToAPIPostSummary),
	}, nil
}

func (s search) GetPublicCard(ctx context.Context, _ portalapi.GetPublicCardRequestObject) (portalapi.GetPublicCardResponseObject, error) {
	if err := requireTenant(ctx); err != nil {
		return nil, err
	}
	card, err := s.posts.PublicCard(ctx)
	return portalapi.GetPublicCard200JSONResponse(ToAPIPublicCard(card)), err
}

// ToAPIPublicCard converts what guests see.
func ToAPIPublicCard(c contentdomain.PublicCard) commonapi.PublicCard {
	return commonapi.PublicCard{
		MemberCount: int32(c.Members),
		Communities: wire.Each(c.Communities, func(c contentdomain.PublicCommunity) commonapi.PublicCommunity {
			return commonapi.PublicCommunity{ID: c.ID, Name: c.Name, Description: c.Description, Hue: toAPIHue(c.Hue), MemberCount: int32(c.Members)}
		}),
		Faces: wire.Each(c.Faces, func(f contentdomain.PublicFace) commonapi.PublicFace {
			return commonapi.PublicFace{UserID: f.User, DisplayName: f.Name}
		}),
		Posts: wire.Each(c.Posts, func(p contentdomain.PublicPost) commonapi.PublicPost {
			return commonapi.PublicPost{ID: p.ID, Title: p.Title, Excerpt: p.Excerpt, AuthorName: p.Author, CreatedAt: p.CreatedAt}
		}),
	}
}
