package sketch

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"leeway/core/frame"
)

// Counts is how often each category occurs.
//
// Up to a bound of distinct texts (and of 64 bytes each on average) it is
// exact. Beyond that the texts are given up for hashed buckets: counts by a
// part of the text's hash. Buckets are linear, so two sides can still be
// compared bucket by bucket, whichever of the two is exact. A nil *Counts is
// empty.
type Counts struct {
	bound   int
	total   int64
	texts   []string // ascending, once settled
	counts  []int64  // of texts
	index   map[string]int
	bytes   int
	buckets *[Buckets]int64 // once beyond the bound
	seen    *registers      // distinct texts; nil while exact, and once subtracted
	named   map[string]int  // texts of sampled rows, with how many rows
}

// Buckets is the number of buckets that texts are hashed into.
const Buckets = 1 << 10

// bytesEach bounds the length of texts, on average over the bound.
const bytesEach = 64

func bucketOf(hash uint64) uint64 { return hash >> 54 }

// BucketOf is the bucket of a text.
func BucketOf(text string) int { return int(bucketOf(frame.HashText([]byte(text)))) }

// NewCounts is an empty table that is exact up to bound texts.
func NewCounts(bound int) *Counts { return &Counts{bound: max(bound, 1)} }

// Add counts a text n times; hash is [frame.HashText] of it.
func (c *Counts) Add(text string, hash uint64, n int64) {
	c.total += n
	if c.buckets != nil {
		c.buckets[bucketOf(hash)] += n
		if c.seen != nil {
			c.seen.add(hash)
		}
		return
	}
	c.warm()
	if i, known := c.index[text]; known {
		c.counts[i] += n
		return
	}
	c.index[text] = len(c.texts)
	c.texts, c.counts, c.bytes = append(c.texts, text), append(c.counts, n), c.bytes+len(text)
	c.overflow()
}

func (c *Counts) warm() {
	if c.index == nil {
		c.index = make(map[string]int, len(c.texts))
		for i, text := range c.texts {
			c.index[text] = i
		}
	}
}

// overflow goes over to buckets when the texts are past the bound.
func (c *Counts) overflow() {
	if len(c.texts) > c.bound || c.bytes > bytesEach*c.bound {
		c.hash()
	}
}

func (c *Counts) hash() {
	c.seen = new(registers)
	for _, text := range c.texts {
		c.seen.add(frame.HashText([]byte(text)))
	}
	c.buckets = c.Buckets()
	c.texts, c.counts, c.index, c.bytes = nil, nil, nil, 0
}

// Settle ends a run of calls of Add, as [Grid.Settle] does.
func (c *Counts) Settle() {
	if c == nil || c.index == nil {
		return
	}
	order := make([]int, len(c.texts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(c.texts[a], c.texts[b]) })
	texts, counts := make([]string, len(order)), make([]int64, len(order))
	for to, from := range order {
		texts[to], counts[to] = c.texts[from], c.counts[from]
	}
	c.texts, c.counts, c.index = texts, counts, nil
}

// Clone is a settled copy.
func (c *Counts) Clone() *Counts {
	c.Settle()
	d := *c
	d.texts, d.counts, d.named = slices.Clone(c.texts), slices.Clone(c.counts), maps.Clone(c.named)
	if c.buckets != nil {
		buckets := *c.buckets
		d.buckets = &buckets
	}
	if c.seen != nil {
		seen := *c.seen
		d.seen = &seen
	}
	return &d
}

// Merge adds the counts of o, which stays as it is. The smaller bound holds
// from then on.
func (c *Counts) Merge(o *Counts) {
	if o == nil {
		return
	}
	o.Settle()
	c.bound = min(c.bound, o.bound)
	if c.buckets == nil {
		c.overflow()
	}
	if o.buckets == nil {
		for i, text := range o.texts {
			c.Add(text, frame.HashText([]byte(text)), o.counts[i])
		}
		return
	}
	lost := o.seen == nil || c.buckets != nil && c.seen == nil
	if c.buckets == nil {
		c.hash()
	}
	for i, n := range o.buckets {
		c.buckets[i] += n
	}
	c.total += o.total
	if lost {
		c.seen = nil
	} else {
		c.seen.merge(o.seen)
	}
}

// Subtract takes away the counts of o, which must have been merged into c
// before. Buckets stay buckets, and then the number of distinct texts is
// unknown from then on.
func (c *Counts) Subtract(o *Counts) error {
	if o == nil || o.total == 0 {
		return nil
	}
	if c.buckets != nil {
		left := *c.buckets
		for i, n := range o.Buckets() {
			if left[i] -= n; left[i] < 0 {
				return errNotPart
			}
		}
		c.buckets, c.seen, c.total = &left, nil, c.total-o.total
		return nil
	}
	if o.buckets != nil {
		return errNotPart
	}
	names, have, take, _ := Pair(c, o)
	left := NewCounts(c.bound)
	for i, name := range names {
		n := have[i] - take[i]
		if n < 0 {
			return errNotPart
		}
		if n > 0 {
			left.texts, left.counts, left.bytes = append(left.texts, name), append(left.counts, n), left.bytes+len(name)
		}
	}
	left.total, left.named = c.total-o.total, c.named
	*c = *left
	return nil
}

// Count is the number of values.
func (c *Counts) Count() int64 {
	if c == nil {
		return 0
	}
	return c.total
}

// Exact tells whether every text is known with its count.
func (c *Counts) Exact() bool { return c == nil || c.buckets == nil }

// Len is the number of texts that are known, 0 unless Exact.
func (c *Counts) Len() int {
	if c == nil {
		return 0
	}
	return len(c.texts)
}

// All iterates over texts and their counts in the order of their bytes; over
// nothing unless Exact.
func (c *Counts) All() iter.Seq2[string, int64] {
	c.Settle()
	return func(yield func(string, int64) bool) {
		for i := range c.Len() {
			if !yield(c.texts[i], c.counts[i]) {
				return
			}
		}
	}
}

// Of is how often a text occurs: exactly while Exact, else at most.
func (c *Counts) Of(text string) int64 {
	if c.Exact() {
		c.Settle()
		if c != nil {
			if i, known := slices.BinarySearch(c.texts, text); known {
				return c.counts[i]
			}
		}
		return 0
	}
	return c.buckets[bucketOf(frame.HashText([]byte(text)))]
}

// Buckets are the counts by hash. They exist for exact counts too.
func (c *Counts) Buckets() *[Buckets]int64 {
	var sums [Buckets]int64
	if c != nil && c.buckets != nil {
		sums = *c.buckets
	} else if c != nil {
		for i, text := range c.texts {
			sums[bucketOf(frame.HashText([]byte(text)))] += c.counts[i]
		}
	}
	return &sums
}

// Pair lays two sides out over the same cells. If both are exact these are the
// union of their texts in the order of bytes; else the buckets that hold
// something on either side, named "bucket 17".
func Pair(ref, cur *Counts) (names []string, refCounts, curCounts []int64, exact bool) {
	take := func(name string, r, c int64) {
		names, refCounts, curCounts = append(names, name), append(refCounts, r), append(curCounts, c)
	}
	if !ref.Exact() || !cur.Exact() {
		b := cur.Buckets()
		for i, r := range ref.Buckets() {
			if r != 0 || b[i] != 0 {
				take(fmt.Sprint("bucket ", i), r, b[i])
			}
		}
		return names, refCounts, curCounts, false
	}
	ref.Settle()
	cur.Settle()
	room := max(ref.Len(), cur.Len())
	names, refCounts, curCounts = make([]string, 0, room), make([]int64, 0, room), make([]int64, 0, room)
	i, j := 0, 0
	for i < ref.Len() || j < cur.Len() {
		switch {
		case j == cur.Len() || i < ref.Len() && ref.texts[i] < cur.texts[j]:
			take(ref.texts[i], ref.counts[i], 0)
			i++
		case i == ref.Len() || cur.texts[j] < ref.texts[i]:
			take(cur.texts[j], 0, cur.counts[j])
			j++
		default:
			take(ref.texts[i], ref.counts[i], cur.counts[j])
			i++
			j++
		}
	}
	return names, refCounts, curCounts, true
}
