package metric

// Pace is where a window stands in one respect: the mean of a score that has
// mean 0 and variance 1 over the reference. The paces of many windows show what
// no single one does.
type Pace struct {
	Of   string  `json:"of"` // "level", "spread", "missing", or "=" and a category
	Mean float64 `json:"mean"`
	Rows int64   `json:"rows"` // that entered
}
