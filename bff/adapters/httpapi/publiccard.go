package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/libs/wire"
)

const publicCardPath = "/api/v1/portal/public"

// publicHandlers answers what guests may ask.
type publicHandlers struct {
	cards *app.PublicCards
}

// GetPublicCard answers guests for the portal.
func (h publicHandlers) GetPublicCard(ctx context.Context, r bffapi.GetPublicCardRequestObject) (bffapi.GetPublicCardResponseObject, error) {
	card, err := h.cards.Of(ctx, stateOf(ctx).tenant)
	if err != nil {
		return nil, err
	}
	return publicCard{card, wire.Value(r.Params.IfNoneMatch)}, nil
}

// publicCard is a card as it came from the portal.
type publicCard struct {
	app.PublicCard
	ifNoneMatch string
}

// publicCaching lets the browser keep the card. A cache between must not, because the answer may set cookies.
var publicCaching = fmt.Sprintf("private, max-age=%d", int(app.PublicCardFresh.Seconds()))

func (c publicCard) VisitGetPublicCardResponse(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Etag", c.ETag)
	h.Set("Cache-Control", publicCaching)
	for known := range strings.SplitSeq(c.ifNoneMatch, ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == c.ETag || known == "*" {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(c.Body)
	return err
}
