package sketch

import (
	"cmp"
	"math"
	"slices"

	"leeway/core/frame"
)

// Heavy is a category that occurs often.
type Heavy struct {
	Text  string
	Count int64 // how often, or an estimate
	Error int64 // the estimate is off by at most this much in 99 cases of 100; 0: exact
}

// Suggest gives texts that occurred in sampled rows, as often as they did: the
// names that [Counts.Heavy] can know of when the counts are in buckets.
func (c *Counts) Suggest(texts []string) {
	c.named = nil
	if c.buckets == nil || len(texts) == 0 {
		return
	}
	c.named = make(map[string]int)
	for _, text := range texts {
		c.named[text]++
	}
}

// Distinct is the number of distinct texts: exact while the counts are, else
// estimated with a relative standard error of 1.6%, NaN after Subtract.
func (c *Counts) Distinct() (n float64, exact bool) {
	switch {
	case c.Exact():
		return float64(c.Len()), true
	case c.seen == nil:
		return math.NaN(), false
	}
	return c.seen.estimate(), false
}

// Heavy lists categories, the most frequent first (ties in order of bytes):
// all of them while Exact. In buckets it names those that stood in sampled rows
// and stick out of their bucket: a category with a share p of the rows is named
// with a probability of 1 - (1-p)^s for s sampled rows. The count is then that
// of the bucket less a typical bucket, the error what one bucket in a hundred
// exceeds that by.
func (c *Counts) Heavy() []Heavy {
	var all []Heavy
	if c.Exact() {
		for text, n := range c.All() {
			all = append(all, Heavy{Text: text, Count: n})
		}
	} else {
		all = c.sticking()
	}
	slices.SortFunc(all, func(a, b Heavy) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all
}

func (c *Counts) sticking() []Heavy {
	levels := slices.Clone(c.buckets[:])
	slices.Sort(levels)
	typical, high := levels[Buckets/2], levels[Buckets*99/100]
	best, sampled := map[uint64]string{}, map[uint64]int{}
	for text, n := range c.named {
		at := bucketOf(frame.HashText([]byte(text)))
		sampled[at] += n
		known, ok := best[at]
		if !ok || n > c.named[known] || n == c.named[known] && text < known {
			best[at] = text
		}
	}
	var all []Heavy
	for at, text := range best {
		count := c.buckets[at] - typical
		others := float64(sampled[at]-c.named[text]) / float64(sampled[at])
		off := max(high-typical, int64(math.Ceil(others*float64(c.buckets[at]))))
		if count > off {
			all = append(all, Heavy{text, count, off})
		}
	}
	return all
}
