package metric

// Deviate is what a test said of one window of the reference: how many standard
// normal deviations its p-value is worth, and its effective number of rows,
// nm/(n+m). Of an extreme, Z is the value itself.
type Deviate struct {
	Z float64 `json:"z"`
	N float64 `json:"n"`
}

// FewestWindows is how many windows of the reference it takes to say anything
// about how windows differ.
const FewestWindows = 8

// ManyWindows is from how many on they tell well enough by themselves; how runs of fewer
// differ (weeks of months, days of weeks) is known too.
const ManyWindows = 12

// LeastWindows is how many it takes to see that windows differ by more than their
// rows explain. From so many on to FewestWindows they count where that is plain.
const LeastWindows = 3
