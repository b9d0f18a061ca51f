package confidence

import (
	"fmt"
	"math"
	"strings"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/stat"
)

const distrusted = "estimate_untrusted"

// Kept is in how many of some windows what came true of a metric was within the 95%
// interval of its estimate.
type Kept struct{ Windows, Held int }

// missed is the chance at which intervals that hold 95% would hold so few: for all
// metrics together.
const missed = 0.01

// Distrust says why estimates cannot be trusted after what became of earlier ones,
// in which the last labels that came showed concept drift or not; "" for no reason
// not to. It does not count, so that it is the same for long.
func Distrust(kept []Kept, drifted bool) string {
	var reasons []string
	if drifted {
		reasons = append(reasons, "the last window whose labels came had concept drift")
	}
	for _, k := range kept {
		if stat.BinomialTail(int64(k.Windows-k.Held), int64(k.Windows), 0.05) < missed/float64(len(kept)) {
			reasons = append(reasons, "what came true was outside of the 95% interval of its estimate too often")
			break
		}
	}
	return strings.Join(reasons, ", and ")
}

// Distrusted is the finding that estimates cannot be trusted, for a window whose
// labels are not there yet.
func Distrusted(reason string, rows int64) check.Evidence {
	return check.Evidence{
		Check: Name, Metric: distrusted, Value: math.NaN(), P: math.NaN(), Effect: math.NaN(), NoiseFloor: math.NaN(), Low: math.NaN(), High: math.NaN(),
		NCurrent: rows, Notable: true,
		Message: fmt.Sprintf("Estimates of performance cannot be trusted: %s.", reason),
		Hint:    "Wait for labels; build a baseline from newer labelled rows, from which estimates are made then.",
	}
}

var eventDistrusted = metric.Desc{Check: Name, Name: distrusted, Unit: "",
	Help:    "What came true in earlier windows was too often not what it had been estimated to be, so the estimates of this one cannot be trusted.",
	Formula: "of the last 30 windows whose labels came (no further back than 128 windows, with the same baseline) so many had what came true within the 95% interval of its estimate that no more than 1 in 100 such counts would be as low if intervals hold 95% (binomial, over the main metrics together); or the last of them had concept drift (estimate_off, or the concept moved, with an alarm). Windows whose labels are not comparable (not_comparable) do not count, save for a concept that moved there",
	Use:     "Wait for labels. A new baseline from newer labelled rows begins a new record.",
	Cite:    "binomial tail; said, no test: estimates of one baseline share its error, so windows are not independent"}
