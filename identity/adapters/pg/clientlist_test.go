package pg_test

import "go.updspace.com/identity/domain"

func idsOf(clients []domain.Client) (ids []string) {
	for _, c := range clients {
		ids = append(ids, c.ID)
	}
	return ids
}
