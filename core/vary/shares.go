package vary

import "leeway/core/sketch"

// shares counts categories by a part of their hash: as many as there are of the
// few that most columns have, and no more than a bound of the many that some have.
// A category is then counted with those that it shares a part with, which hides a
// little of its course and makes up none. Unlike lists of the largest ones, such
// counts can be added up file by file.
type shares struct {
	bins   []bin // ascending, none empty
	coarse bool
}

type bin struct {
	at    int
	count int64
}

// Of the buckets of [sketch.Counts], coarse parts hold sixteen each.
const (
	coarser  = 16
	mostBins = sketch.Buckets / coarser
)

func (s *shares) add(c *sketch.Counts) {
	counts := c.Buckets()
	if s.coarse {
		counts = coarsened(counts)
	}
	for _, one := range s.bins {
		counts[one.at] += one.count
	}
	bins := filled(counts)
	if len(bins) > mostBins {
		s.coarse, bins = true, filled(coarsened(counts))
	}
	s.bins = bins
}

func coarsened(counts *[sketch.Buckets]int64) *[sketch.Buckets]int64 {
	var coarse [sketch.Buckets]int64
	for i, n := range counts {
		coarse[i/coarser] += n
	}
	return &coarse
}

func filled(counts *[sketch.Buckets]int64) []bin {
	n := 0
	for _, count := range counts {
		if count > 0 {
			n++
		}
	}
	bins := make([]bin, 0, n)
	for i, count := range counts {
		if count > 0 {
			bins = append(bins, bin{i, count})
		}
	}
	return bins
}

// of is how often a category occurs, at most.
func (s *shares) of(text string) int64 {
	at := sketch.BucketOf(text)
	if s.coarse {
		at /= coarser
	}
	for _, one := range s.bins {
		if one.at == at {
			return one.count
		}
	}
	return 0
}
