package confidence

import (
	"sort"

	"leeway/core/outcome"
	"leeway/core/sketch"
	"leeway/core/stat"
)

// What calibration is made of.
const (
	fewest    = 100 // labelled rows
	fewBins   = 8
	mostBins  = 50
	leastRare = 10 // rows of a bin that are of the rarer class, on average, beyond fewBins
	leastBin  = 30 // rows of a bin
)

// cutter cuts rows into bins of equal numbers of rows.
type cutter struct{ rows, bins, seen, cut int64 }

func newCutter(rows, bins int64) *cutter {
	return &cutter{rows: rows, bins: max(min(bins, rows/leastBin), 1)}
}

// take takes rows that belong together, and tells whether a bin ends with them.
func (c *cutter) take(rows int64) bool {
	if c.seen += rows; c.seen < c.rows && float64(c.seen) < float64(c.cut+1)*float64(c.rows)/float64(c.bins) {
		return false
	}
	for float64(c.seen) >= float64(c.cut+1)*float64(c.rows)/float64(c.bins) && c.cut < c.bins {
		c.cut++
	}
	return true
}

// calibration is how often scores came true in the reference: a function of the
// score that never falls, isotonic regression over bins of equal numbers of rows,
// on a line between the bins' mean scores. Bins and not single scores, since the regression follows the noise of
// single rows, and then thinks that scores tell classes apart better than they do:
// of the hotel bookings with 1,000 labels by 0.02 to 0.03 of ROC AUC, with bins by less than 0.005.
type calibration struct {
	centre []float64 // by bin: the mean score
	block  []int     // by bin
	blocks []block
	scores []float64 // the reference's, ascending
	upTo   []int64   // rows with one of them up to each
	coarse bool
}

// block are neighbouring bins that are pooled.
type block struct {
	rate    float64
	noise   float64 // variance of one outcome
	error   float64 // variance of rate
	weight  float64
	squares float64
}

// calibrate learns from scores that are marked where they came true; reason says
// why that cannot be.
func calibrate(scores *sketch.Marked) (c *calibration, reason string) {
	last := scores.Cells()
	c = &calibration{scores: make([]float64, 0, last), upTo: make([]int64, 0, last), coarse: !scores.Exact()}
	var rows [2]int64
	for s := range scores.All() {
		rows[0] += s.Counts[0]
		rows[1] += s.Counts[1]
		c.scores, c.upTo = append(c.scores, s.Value), append(c.upTo, rows[0]+rows[1])
	}
	switch {
	case rows[0]+rows[1] < fewest:
		return nil, "the reference has fewer than 100 labelled rows with a score"
	case rows[0] == 0 || rows[1] == 0:
		return nil, "all labelled rows of the reference are of one class"
	}
	bins := []bin{{}}
	cut := newCutter(rows[0]+rows[1], min(max(min(rows[0], rows[1])/leastRare, fewBins), mostBins))
	for s := range scores.All() {
		bins[len(bins)-1].take(s)
		if last--; cut.take(s.Counts[0]+s.Counts[1]) && last > 0 {
			bins = append(bins, bin{})
		}
	}
	c.pool(bins)
	return c, ""
}

// bin is neighbouring scores.
type bin struct{ hits, weight, squares, scores float64 }

func (b *bin) take(s *sketch.Step) {
	w := s.Weights[0] + s.Weights[1]
	b.hits += s.Weights[1]
	b.weight += w
	b.squares += s.Squares[0] + s.Squares[1]
	b.scores += float64(w * s.Value)
}

// pool makes the bins' rates rise.
func (c *calibration) pool(bins []bin) {
	rates, weights := make([]float64, len(bins)), make([]float64, len(bins))
	for i := range bins {
		rates[i], weights[i] = bins[i].hits/bins[i].weight, bins[i].weight
		c.centre = append(c.centre, bins[i].scores/bins[i].weight)
	}
	var fit []float64
	fit, c.block = stat.Isotonic(rates, weights)
	c.blocks = make([]block, c.block[len(bins)-1]+1)
	for i := range bins {
		b := &c.blocks[c.block[i]]
		b.rate, b.weight, b.squares = fit[i], b.weight+bins[i].weight, b.squares+bins[i].squares
	}
	for i := range c.blocks {
		c.blocks[i].doubt()
	}
}

// doubt sets the variances: those of a rate with half a hit and half a miss more,
// which is uncertain where all or nothing came true.
func (b *block) doubt() {
	n := b.weight * b.weight / b.squares
	p := (float64(b.rate*n) + 0.5) / (n + 1)
	b.noise = p * (1 - p)
	b.error = b.noise / n
}

// between is a place between two blocks: how far it is on the way to the upper one.
type between struct {
	lower, upper int32
	way          float64
}

// at is the place of a score.
func (c *calibration) at(score float64) between {
	i := sort.SearchFloat64s(c.centre, score)
	switch {
	case i == len(c.centre):
		return between{int32(c.block[i-1]), int32(c.block[i-1]), 0}
	case i == 0:
		return between{int32(c.block[0]), int32(c.block[0]), 0}
	}
	way := (score - c.centre[i-1]) / (c.centre[i] - c.centre[i-1])
	return between{int32(c.block[i-1]), int32(c.block[i]), way}
}

// mix is a number of blocks at a place.
func (c *calibration) mix(at between, of func(*block) float64) float64 {
	low := of(&c.blocks[at.lower])
	return low + float64(at.way*(of(&c.blocks[at.upper])-low))
}

// What a score is taken to be known from.
const (
	near     = 0.05 // reference scores this far away
	nearRows = 5
	most     = 0.05 // share of rows with other scores from which an estimate is doubtful
)

// unsupported is the share of rows whose scores the reference hardly had.
func (c *calibration) unsupported(said *sketch.Marked) float64 {
	upTo := func(x float64, with bool) int64 {
		i := sort.Search(len(c.scores), func(i int) bool { return c.scores[i] > x || !with && c.scores[i] == x })
		if i == 0 {
			return 0
		}
		return c.upTo[i-1]
	}
	var strange, all float64
	for s := range said.All() {
		w := s.Weights[0] + s.Weights[1]
		all += w
		if upTo(s.Value+near, true)-upTo(s.Value-near, false) < nearRows {
			strange += w
		}
	}
	return strange / all
}

// cell is rows with one score, predicted to be of the class or not.
type cell struct {
	score   float64
	guessed bool
	rows    int64
	weight  float64
	squares float64
	between
	noise float64 // variance of one outcome
	p     float64 // how often it comes true, by calibration
}

// forecast is the rows of a window by what the model said of them.
type forecast struct {
	*calibration
	cells  []cell // by score, ascending
	rows   int64
	weight float64
	fuzzy  bool // scores are cells, not single values
}

// newForecast calibrates scores by those of the reference, which are marked where
// they came true; reason says why that cannot be.
func newForecast(known, said *sketch.Marked) (f *forecast, reason string) {
	c, reason := calibrate(known)
	switch {
	case reason != "":
		return nil, reason
	case said.Count() == 0:
		return nil, "no row has a score"
	}
	f = &forecast{calibration: c, fuzzy: c.coarse || !said.Exact()}
	f.cells = make([]cell, 0, inhabited(said))
	for s := range said.All() {
		at := c.at(s.Value)
		p, noise := c.mix(at, func(b *block) float64 { return b.rate }), c.mix(at, func(b *block) float64 { return b.noise })
		for mark, n := range s.Counts {
			if n == 0 {
				continue
			}
			f.cells = append(f.cells, cell{s.Value, mark == 1, n, s.Weights[mark], s.Squares[mark], at, noise, p})
			f.rows += n
			f.weight += s.Weights[mark]
		}
	}
	return f, ""
}

// inhabited counts the scores with rows, those of rows predicted to be of the class
// apart from others.
func inhabited(said *sketch.Marked) (n int) {
	for s := range said.All() {
		for _, rows := range s.Counts {
			if rows > 0 {
				n++
			}
		}
	}
	return n
}

// variance is that of a metric of outcomes that come true by calibration, given
// how it changes with the outcome of one row of a cell: that of the outcomes
// themselves, each a draw of its own, and that of the calibration, of which all
// rows of a block share the error.
func (f *forecast) variance(slope func(i int) float64) float64 {
	var all float64
	shared := make([]float64, len(f.blocks))
	for i := range f.cells {
		c, d := &f.cells[i], slope(i)
		all += float64(c.squares * d * d * c.noise)
		shared[c.lower] += float64(c.weight * d * (1 - c.way))
		shared[c.upper] += float64(c.weight * d * c.way)
	}
	for b, d := range shared {
		all += float64(d * d * f.blocks[b].error)
	}
	return all
}

// expected is a log loss of each row of a cell.
func (c *cell) expected() (loss, slope float64) {
	hit, miss := outcome.LogLossOf(c.score), outcome.LogLossOf(1-c.score)
	return float64(c.p*hit) + float64((1-c.p)*miss), hit - miss
}
