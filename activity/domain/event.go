package domain

// Event is something that happened to an item and that other services may need to know.
type Event interface{ event() }

// ItemCreated, ItemUpdated and ItemDeleted are the events of an item.
type (
	ItemCreated struct{ Item Item }
	ItemUpdated struct{ Item Item }
	ItemDeleted struct{ Item Item }
)

func (ItemCreated) event() {}
func (ItemUpdated) event() {}
func (ItemDeleted) event() {}
