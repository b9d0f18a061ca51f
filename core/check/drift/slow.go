package drift

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/metric"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// slow declares the one metric that looks at many windows together.
var slow = metric.Desc{Check: Name, Name: "slow_drift", Unit: "", Low: math.Inf(-1), High: math.Inf(1), Labels: perColumn,
	Help:    "How far a column has crept since a slow change began, in standard deviations of the reference; 0 while nothing speaks for one.",
	Formula: "mean score of the last windows - mean score before the onset; evidence: Shiryaev-Roberts e-detector over level, spread, missing values and the largest categories of up to 129 windows; onset: 95% interval of a level that from some window on rises or falls evenly for one to all windows (a step, a creep, one that has come to an end), by Bayesian regression",
	Use:     "Sees a creep that no single window shows, and says when it began, or before when, where that was longer ago than is remembered. It spends a thousandth of the budget: a year of quiet days passes without a false alarm.",
	Needs:   "a window of a series, and at least two before it that were compared with the same baseline, each with 5 rows (or 5 expected cases)",
	Cite:    "Shin, Ramdas and Rinaldo, E-detectors, 2023; Chin Choy and Broemeling, Some Bayesian inferences for a changing linear model, 1980"}

// slowShare is the part of the budget that slow drift spends. It looks at every
// window again and again, and strong evidence costs it only a window or two.
const slowShare = 1e-3

// slowMaterial is the smallest creep worth an alert, in standard deviations.
const slowMaterial = 0.1

// leastRows is how many rows, or expected cases, a window needs to count.
const leastRows = 5

// paced is how many of the reference's categories have a pace.
const paced = 3

// paces is where the current window stands in every respect that can creep.
func (s *sides) paces() []metric.Pace {
	var all []metric.Pace
	if s.pair != nil {
		if level, spread, err := s.pair.Standing(); err == nil {
			all = append(all, metric.Pace{Of: "level", Mean: level, Rows: s.m}, metric.Pace{Of: "spread", Mean: spread, Rows: s.m})
		}
	} else {
		all = s.shares()
	}
	if p, ok := shareOf(s.ref.Missing, s.ref.Rows, s.cur.Missing, s.cur.Rows); ok {
		all = append(all, metric.Pace{Of: "missing", Mean: p, Rows: s.cur.Rows})
	}
	return all
}

// shares are the paces of the reference's largest categories.
func (s *sides) shares() []metric.Pace {
	var all []metric.Pace
	if !s.exact {
		return nil
	}
	for _, heavy := range largest(s.ref.Categories) {
		if p, ok := shareOf(heavy.Count, s.n, s.cur.Categories.Of(heavy.Text), s.m); ok {
			all = append(all, metric.Pace{Of: "=" + heavy.Text, Mean: p, Rows: s.m})
		}
	}
	return all
}

func largest(c *sketch.Counts) []sketch.Heavy {
	heavy := c.Heavy()
	if len(heavy) == 2 { // what one gains the other loses
		return heavy[:1]
	}
	return heavy[:min(len(heavy), paced)]
}

// shareOf standardizes the share x/m by that of the reference, a/n. ok is false
// where too few are to be expected to be anything like normal.
func shareOf(a, n, x, m int64) (float64, bool) {
	if n == 0 || m == 0 {
		return 0, false
	}
	p := float64(a) / float64(n)
	if float64(m)*min(p, 1-p) < leastRows {
		return 0, false
	}
	return (float64(x)/float64(m) - p) / math.Sqrt(p*(1-p)), true
}

// creep is what the windows up to this one say of one column. It has an onset if p
// is below 1.
type creep struct {
	stat.Creep
	pace metric.Pace // the one that crept most
	past history     // of that
	log  float64     // log of the e-value over all paces
}

// history is where the windows up to this one stood in one respect.
type history struct {
	reference float64     // rows
	wander    float64     // see wander
	steps     []stat.Step // the windows
	start     []int64     // of these
}

// slowly looks at the paces of the column over all windows; ok is false while
// they are too few. What is over by now is no evidence, and hides nothing that
// still goes on.
func (s *sides) slowly(in *check.Input, trail check.Trail, now []metric.Pace) (creep, bool) {
	var best creep
	var lasting []float64
	tried := 0
	for _, pace := range now {
		h := s.history(in, trail, pace)
		found, err := stat.Slow(h.reference, h.wander, h.steps)
		if err != nil {
			continue
		}
		more := found.Lasts && !best.Lasts || found.Lasts == best.Lasts && found.LogE > best.LogE
		if tried == 0 || more {
			best = creep{Creep: found, pace: pace, past: h}
		}
		if tried++; found.Lasts {
			lasting = append(lasting, found.LogE)
		}
	}
	for _, log := range lasting { // the mean of e-values is one
		best.log += math.Exp(log-best.LogE) / float64(tried)
	}
	best.log = best.LogE + math.Log(best.log)
	return best, tried > 0
}

// wander is the standard deviation by which the windows of the reference
// wandered, in units of sampling, at the rows of now; and by how much most of them
// are off its mean, in standard deviations of rows. What stands apart in some counts
// for no more than what later windows are cut at, see [stat.Central].
func wander(past []metric.Deviate, now metric.Pace) (deviation, off float64) {
	if len(past) == 0 {
		return 1, 0
	}
	z, typical := make([]float64, len(past)), 0.0
	for i, one := range past {
		z[i] = one.Z
		typical += one.N / float64(len(past))
	}
	z, off = stat.Central(z)
	return math.Sqrt(1 + float64((stat.Wander(z)-1)*(float64(now.Rows)/typical))), off / math.Sqrt(typical)
}

// history lists the earlier windows in which a pace was known, and this one.
func (s *sides) history(in *check.Input, trail check.Trail, now metric.Pace) history {
	deviation, off := wander(in.Variation[check.PaceKey(s.column.Name, now.Of)], now)
	h := history{reference: float64(s.n), wander: deviation}
	if now.Of == "missing" {
		h.reference = float64(s.ref.Rows)
	}
	take := func(p metric.Pace, at int64) {
		if p.Rows >= leastRows {
			h.steps, h.start = append(h.steps, stat.Step{Mean: p.Mean - off, Rows: float64(p.Rows)}), append(h.start, at)
		}
	}
	for i := range trail {
		paces := trail[i].Paces[s.column.Name]
		if at := slices.IndexFunc(paces, func(p metric.Pace) bool { return p.Of == now.Of }); at >= 0 {
			take(paces[at], trail[i].Start)
		}
	}
	take(now, in.Start)
	return h
}

// sample is the metric's value.
func (c *creep) sample(s *sides) metric.Sample {
	sample := metric.Sample{Check: Name, Metric: slow.Name, Labels: s.labels, P: c.p(), Exact: s.exact, NReference: s.n, NCurrent: s.m}
	if sample.P < 1 {
		sample.Value = c.Onset.Total
	}
	return sample
}

// p is a p-value in the currency of the budget: see slowShare.
// What is over by now is none, nor is what is too little to be dated.
func (c *creep) p() float64 {
	if !c.Lasts || c.Onset == nil {
		return 1
	}
	return min(math.Exp(-c.log)/slowShare, 1)
}

func (c *creep) evidence(s *sides, in *check.Input) check.Evidence {
	e := check.Evidence{
		Check: Name, Metric: slow.Name, Labels: s.labels,
		P: c.p(), Low: math.NaN(), High: math.NaN(),
		Null:       func(x float64) float64 { return x * slowShare },
		Material:   slowMaterial,
		NReference: s.n, NCurrent: s.m,
	}
	if e.P < 1 {
		e.Value, e.Effect = c.Onset.Total, math.Abs(c.Onset.Total)
		e.Since, e.Message = c.since(in.End-in.Start), c.message(s, in.End-in.Start)
		e.Hint = "No single window shows it. Look at the column over time. " + s.hint()
	}
	return e
}

// message says what crept, how far and since when.
func (c *creep) message(s *sides, span int64) string {
	since := "since " + c.began(span)
	switch {
	case c.pace.Of == "missing":
		return fmt.Sprintf("Missing values of `%s` have %s %s: they %s of rows.", s.column.Name, c.moved("more", "fewer"), since, words.FromTo(s.ref.Missing, s.ref.Rows, s.cur.Missing, s.cur.Rows))
	case strings.HasPrefix(c.pace.Of, "="):
		name := c.pace.Of[1:]
		return fmt.Sprintf("The share of `%s` = %s has %s %s: it %s.", s.column.Name, words.Quoted(name), c.moved("larger", "smaller"), since, words.FromTo(s.ref.Categories.Of(name), s.n, s.cur.Categories.Of(name), s.m))
	case c.pace.Of == "spread":
		return fmt.Sprintf("%s %s %s %s.", s.subject(), s.have(), c.spread(), since)
	}
	a, b := s.ref.Numeric.Mean(), s.cur.Numeric.Mean()
	return fmt.Sprintf("%s %s %s %s, by %s standard deviations so far: the average was %s in the reference and is %s now.",
		s.subject(), s.have(), c.moved("higher", "lower"), since, words.Number(math.Abs(c.Onset.Total)), words.Number(a), words.Number(b))
}

// moved says how it went: a step that stays is no creep.
func (c *creep) moved(up, down string) string {
	way, less := "up", c.Onset.Total < 0
	if less {
		way, up = "down", down
	}
	if c.Onset.Step {
		return "been " + up
	}
	return "been creeping " + way
}

// spread says the same of how far values lie apart.
func (c *creep) spread() string {
	verb := map[bool]string{false: "spreading out slowly", true: "narrowing slowly"}
	if c.Onset.Step {
		verb = map[bool]string{false: "more spread out", true: "less spread out"}
	}
	return "been " + verb[c.Onset.Total < 0]
}

// have agrees with subject: predictions, scores and labels are many.
func (s *sides) have() string {
	if s.labels.Role != "" {
		return "have"
	}
	return "has"
}

// since says when it began.
func (c *creep) since(span int64) *check.Since {
	known := func(i int) *int64 {
		if i < 0 {
			return nil
		}
		return &c.past.start[i]
	}
	return &check.Since{At: known(c.Onset.At), From: known(c.Onset.From), To: c.past.start[c.Onset.To], Text: c.began(span), Missing: c.pace.Of == "missing"}
}

// began names the onset by the start of its window; one before the first window
// by that which it surely was before.
func (c *creep) began(span int64) string {
	layout := "2 January 2006"
	if span < int64(24*time.Hour) {
		layout = "2 January 2006, 15:04"
	}
	name := func(i int) string { return time.Unix(0, c.past.start[i]).UTC().Format(layout) }
	switch o := c.Onset; {
	case o.At < 0:
		return "before " + name(min(o.To+1, len(c.past.start)-1))
	case o.From < 0 && name(o.At) == name(o.To):
		return "about " + name(o.At)
	case o.From < 0:
		return fmt.Sprintf("about %s (%s at the latest)", name(o.At), name(o.To))
	case o.From == o.To:
		return name(o.At)
	default:
		return fmt.Sprintf("about %s (between %s and %s)", name(o.At), name(o.From), name(o.To))
	}
}
