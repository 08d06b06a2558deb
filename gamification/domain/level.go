package domain

import (
	"slices"
	"strconv"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// The bounds of levels.
const (
	MaxLevels      = 100
	maxLevelPoints = 1_000_000_000
)

// Level is a title that members have from so many points on.
type Level struct {
	Points int64
	Titles Texts
}

// Levels are the levels of a tenant, lowest first. Their numbers begin with 1.
type Levels struct{ list []Level }

// NewLevels checks levels. Each must begin at more points than the one before.
func NewLevels(list []Level) (Levels, error) {
	fields := errs.Fields{}
	fields.Check(len(list) <= MaxLevels, "levels", why.TooMany(MaxLevels))
	list = slices.Clone(list)
	for i, level := range list {
		at := "levels." + strconv.Itoa(i)
		list[i].Titles = names(fields, at+".title_i18n", level.Titles)
		fields.Check(0 <= level.Points && level.Points <= maxLevelPoints, at+".points", why.Outside(0, maxLevelPoints))
		fields.Check(i == 0 || list[i-1].Points < level.Points, at+".points", why.Mismatch("must be more than those of the level before"))
	}
	return Levels{list}, fields.Err()
}

// RestoreLevels returns stored levels. It is for repositories only.
func RestoreLevels(list []Level) Levels { return Levels{list} }

// All returns the levels, lowest first.
func (l Levels) All() []Level { return l.list }

// Number is the number of the level that so many points reach; 0 for none.
func (l Levels) Number(points int64) int {
	n, _ := slices.BinarySearchFunc(l.list, points+1, func(level Level, points int64) int {
		if level.Points < points {
			return -1
		}
		return 1
	})
	return n
}
