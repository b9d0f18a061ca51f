package report

import "leeway/core/report/plain"

// part says which rows a window was held against, where these are not the
// baseline as a whole; else "".
func (s *Side) part() string {
	later := plain.Plural(int64(len(s.Earlier)), "window", "windows") + " without an alert"
	switch {
	case s.Against == nil || s.Slot == "" && len(s.Earlier) == 0:
		return ""
	case s.Against.Kind == "rolling":
		return "the last " + later
	case len(s.Earlier) == 0:
		return plain.Name(s.Slot, nameWidth)
	}
	return plain.Name(s.Slot, nameWidth) + " with " + later
}
