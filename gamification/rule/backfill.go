package rule

import (
	"bytes"
	"errors"
	"iter"

	"github.com/google/uuid"
)

// ErrOrder is the error of facts that do not come person by person.
var ErrOrder = errors.New("rule: the facts are not in the order of persons")

// EachPerson counts recorded facts, as a dry run and a back-fill do, and gives each person with the state that results. The facts come
// in the order of persons (as their bytes compare), so that only one person is in memory; the order of one person's facts does not matter.
func (p *Program) EachPerson(facts iter.Seq2[Fact, error], each func(person uuid.UUID, state *State) error) error {
	var person uuid.UUID
	var state *State
	for f, err := range facts {
		if err != nil {
			return err
		}
		if state == nil || f.Person != person {
			if state != nil {
				if bytes.Compare(f.Person[:], person[:]) < 0 {
					return ErrOrder
				}
				if err := each(person, state); err != nil {
					return err
				}
			}
			person, state = f.Person, p.NewState()
		}
		state.Apply(f)
	}
	if state == nil {
		return nil
	}
	return each(person, state)
}
