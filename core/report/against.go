package report

import (
	"strings"

	"leeway/core/report/plain"
)

// SlotWords are what a person calls a part of a season that Side.Slot names:
// "Mondays 06:00" for monday-06, "Mondays" for monday, "January" for january.
func SlotWords(season, slot string) string {
	name, hour, _ := strings.Cut(slot, "-")
	if name == "" {
		return slot
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	switch season {
	case "hour-of-week":
		return name + "s " + hour + ":00"
	case "day-of-week":
		return name + "s"
	}
	return name
}

// part says which rows a window was held against, where these are not the
// baseline as a whole; else "".
func (s *Side) part() string {
	later := plain.Plural(int64(len(s.Earlier)), "window", "windows") + " without an alert"
	switch {
	case s.Against == nil || s.Slot == "" && len(s.Earlier) == 0:
		return ""
	case s.Against.Kind == "rolling":
		return "the last " + later
	}
	slot := plain.Name(SlotWords(s.Against.Season, s.Slot), nameWidth)
	if len(s.Earlier) == 0 {
		return slot
	}
	return slot + " with " + later
}
