package personaldata

import (
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/wire"
)

// ToAPI converts a page to the response that all specs share.
func (e Export) ToAPI() commonapi.PersonalDataJSONResponse {
	return commonapi.PersonalDataJSONResponse{
		Service: e.Service, UserID: e.User, ExportedAt: e.At.UTC(), NextCursor: wire.OrNull(e.Next),
		Items: wire.Each(e.Items, func(item SectionItem) commonapi.PersonalDataItem {
			return commonapi.PersonalDataItem{Section: item.Section, Data: item.Data}
		}),
	}
}

// ToAPI converts a receipt to the response that all specs share.
func (r Receipt) ToAPI() commonapi.ErasureJSONResponse {
	return commonapi.ErasureJSONResponse{
		Service: r.Service, UserID: r.User, ErasedAt: r.At.UTC(), Complete: r.Complete, Counts: r.Counts,
	}
}
