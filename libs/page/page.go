// Package page is cursor paging, the same for every list: a request for a page, the page, and the cursor between two.
package page

const (
	// DefaultLimit is the length of a page when the caller names none.
	DefaultLimit = 50
	// MaxLimit is the greatest length of a page.
	MaxLimit = 100
)

// Request asks for one page of a list.
type Request struct {
	Limit  int    // zero means DefaultLimit
	Cursor string // empty means the first page
}

// Page is one page of a list. Next is the cursor of the next page, empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// Fetch reads a page of at most MaxLimit items. read is asked for one item more than the page holds, which tells whether
// another page follows. cursor returns the cursor after an item: see [Encode].
func Fetch[T any](limit int, read func(limit int) ([]T, error), cursor func(last T) string) (Page[T], error) {
	return FetchMax(limit, MaxLimit, read, cursor)
}

// FetchMax is Fetch for lists whose pages may be longer or must be shorter than usual.
func FetchMax[T any](limit, most int, read func(limit int) ([]T, error), cursor func(last T) string) (Page[T], error) {
	if limit < 1 {
		limit = DefaultLimit
	}
	limit = min(limit, most)
	items, err := read(limit + 1)
	if err != nil {
		return Page[T]{}, err
	}
	if len(items) <= limit {
		return Page[T]{Items: items}, nil
	}
	items = items[:limit]
	return Page[T]{Items: items, Next: cursor(items[limit-1])}, nil
}

// Map converts the items of a page.
func Map[A, B any](p Page[A], convert func(A) B) Page[B] {
	items := make([]B, len(p.Items))
	for i, item := range p.Items {
		items[i] = convert(item)
	}
	return Page[B]{Items: items, Next: p.Next}
}
