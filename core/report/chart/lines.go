package chart

import (
	"html/template"
	"math"
	"slices"
	"strings"

	"leeway/core/report/plain"
)

// Band is a distribution by five of its quantiles, or one number as Middle
// alone. What is not known is NaN.
type Band struct {
	Low, Lower, Middle, Upper, High float64 // say 5%, 25%, 50%, 75%, 95%
}

// Flat is the Band of one number.
func Flat(x float64) Band {
	return Band{math.NaN(), math.NaN(), x, math.NaN(), math.NaN()}
}

func (p Band) numbers() []float64 { return []float64{p.Low, p.Lower, p.Middle, p.Upper, p.High} }

// Stop is one window of a Series.
type Stop struct {
	Moment
	Band
}

// Series is a quantity over time against its baseline.
type Series struct {
	Title    string
	Stops    []Stop
	Baseline *Band                // nil for none
	Other    []Band               // a second quantity by the same windows, such as an estimate of the first; nil for none
	Limit    float64              // a horizontal line where alerts begin, NaN for none
	Zero     bool                 // the axis begins at 0, so that little looks little
	Touch    bool                 // every window shows its title and leads to its link, not only alarms
	Format   func(float64) string // labels of the axis; nil: plain.Number
}

const (
	linesHeight = 196
	linesTop    = 10
	linesPlot   = 160
)

// Lines draws a Series: bands of quantiles with the median as a line, the
// baseline as grey bands behind it, and a dot with a link for each alarm. A
// window without a number is a gap.
func Lines(s *Series) template.HTML {
	scale, ok := s.scale()
	if !ok {
		return empty(s.Title)
	}
	var b strings.Builder
	b.WriteString(`<div class="chart lines">`)
	head(&b, "", linesHeight, s.Title, s.describe())
	b.WriteString(`<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" y="10" height="160">`)
	s.base(&b, scale)
	if len(s.Other) == len(s.Stops) {
		other := func(i int) Band { return s.Other[i] }
		s.band(&b, "other-band", scale, func(i int) (float64, float64) { return other(i).Low, other(i).High })
		s.middle(&b, "other", scale, other)
	}
	own := func(i int) Band { return s.Stops[i].Band }
	s.band(&b, "outer", scale, func(i int) (float64, float64) { return own(i).Low, own(i).High })
	s.band(&b, "inner", scale, func(i int) (float64, float64) { return own(i).Lower, own(i).Upper })
	s.middle(&b, "middle", scale, own)
	b.WriteString("</svg>")
	s.grid(&b, scale)
	s.touch(&b)
	s.marks(&b, scale)
	labels := make([]string, len(s.Stops))
	for i := range s.Stops {
		labels[i] = s.Stops[i].Label
	}
	below(&b, labels, linesHeight-8)
	b.WriteString("</svg></div>")
	return template.HTML(b.String())
}

// scale maps values to heights.
type scale struct{ low, high float64 }

// down is how far below the top v lies, 0 to 1.
func (s scale) down(v float64) float64 {
	return min(max((s.high-v)/(s.high-s.low), 0), 1)
}

func (s *Series) scale() (scale, bool) {
	low, high := math.Inf(1), math.Inf(-1)
	take := func(numbers ...float64) {
		for _, x := range numbers {
			if finite(x) {
				low, high = min(low, x), max(high, x)
			}
		}
	}
	for i := range s.Stops {
		take(s.Stops[i].numbers()...)
	}
	for i := range s.Other {
		take(s.Other[i].numbers()...)
	}
	if low > high {
		return scale{}, false
	}
	if s.Baseline != nil {
		take(s.Baseline.numbers()...)
	}
	take(s.Limit)
	if s.Zero {
		take(0)
	}
	margin := (high - low) * 0.05
	if margin == 0 {
		margin = max(math.Abs(low)*0.05, 1e-9)
	}
	if low >= 0 && low-margin < 0 {
		return scale{0, high + margin}, finite(high + margin)
	}
	return scale{low - margin, high + margin}, finite(high+margin) && finite(low-margin)
}

// across is where window i lies, 0 to 1.
func (s *Series) across(i int) float64 { return (float64(i) + 0.5) / float64(len(s.Stops)) }

// base draws the baseline over the whole width.
func (s *Series) base(b *strings.Builder, in scale) {
	if s.Baseline == nil {
		return
	}
	for _, pair := range [][2]float64{{s.Baseline.Low, s.Baseline.High}, {s.Baseline.Lower, s.Baseline.Upper}} {
		if finite(pair[0]) && finite(pair[1]) {
			b.WriteString(`<path class="base" d="`)
			point(b, 'M', 0, 1000*in.down(pair[0]))
			point(b, 'H', 1000)
			point(b, 'V', 1000*in.down(pair[1]))
			b.WriteString(`H0z"/>`)
		}
	}
	if finite(s.Baseline.Middle) {
		b.WriteString(`<path class="base-middle" d="`)
		point(b, 'M', 0, 1000*in.down(s.Baseline.Middle))
		b.WriteString(`H1000"/>`)
	}
}

// band fills between two quantiles, run by run of known windows.
func (s *Series) band(b *strings.Builder, class string, in scale, of func(i int) (low, high float64)) {
	known := func(i int) bool {
		low, high := of(i)
		return finite(low) && finite(high)
	}
	var path strings.Builder
	for from, to := range runs(len(s.Stops), known) {
		if to == from+1 { // a lone window is as wide as its dash
			low, high := of(from)
			half := 1000 / float64(len(s.Stops)) / 8
			point(&path, 'M', 1000*s.across(from)-half, 1000*in.down(high))
			point(&path, 'h', 2*half)
			point(&path, 'V', 1000*in.down(low))
			point(&path, 'h', -2*half)
			path.WriteByte('z')
			continue
		}
		for i := from; i < to; i++ {
			_, high := of(i)
			point(&path, command(i == from), 1000*s.across(i), 1000*in.down(high))
		}
		for i := to - 1; i >= from; i-- {
			low, _ := of(i)
			point(&path, 'L', 1000*s.across(i), 1000*in.down(low))
		}
		path.WriteByte('z')
	}
	if path.Len() > 0 {
		b.WriteString(`<path class="` + class + `" d="` + path.String() + `"/>`)
	}
}

// middle draws the line of medians.
func (s *Series) middle(b *strings.Builder, class string, in scale, of func(i int) Band) {
	var path strings.Builder
	for from, to := range runs(len(s.Stops), func(i int) bool { return finite(of(i).Middle) }) {
		if to == from+1 { // a lone window is a short dash
			width := 1000 / float64(len(s.Stops)) / 4
			point(&path, 'M', 1000*s.across(from)-width/2, 1000*in.down(of(from).Middle))
			point(&path, 'h', width)
			continue
		}
		for i := from; i < to; i++ {
			point(&path, command(i == from), 1000*s.across(i), 1000*in.down(of(i).Middle))
		}
	}
	if path.Len() > 0 {
		b.WriteString(`<path class="` + class + `" d="` + path.String() + `"/>`)
	}
}

func command(first bool) byte {
	if first {
		return 'M'
	}
	return 'L'
}

// runs yields [from, to) of each run of indexes below n that are known.
func runs(n int, known func(int) bool) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for i := 0; i < n; i++ {
			from := i
			for i < n && known(i) {
				i++
			}
			if i > from && !yield(from, i) {
				return
			}
		}
	}
}

// grid draws the horizontal lines with their labels, and the limit.
func (s *Series) grid(b *strings.Builder, in scale) {
	format := s.Format
	if format == nil {
		format = plain.Number
	}
	height := func(v float64) string {
		var at strings.Builder
		coordinate(&at, math.Round(linesTop+linesPlot*in.down(v))+0.5)
		return at.String()
	}
	line := func(class string, v float64) {
		b.WriteString(`<line class="` + class + `" x1="0" x2="100%" y1="` + height(v) + `" y2="` + height(v) + `"/>`)
	}
	for _, v := range ticks(in.low, in.high, 4) {
		line("grid", v)
		text(b, 0, linesTop+linesPlot*in.down(v)-3, "halo", format(v))
	}
	if finite(s.Limit) {
		line("limit", s.Limit)
	}
}

// mostTouched is how many windows have an area of their own: more are too narrow
// to be hit.
const mostTouched = 200

// touch lays an area without colour over each window.
func (s *Series) touch(b *strings.Builder) {
	if !s.Touch || len(s.Stops) > mostTouched {
		return
	}
	n := float64(len(s.Stops))
	for i := range s.Stops {
		m := &s.Stops[i].Moment
		open, shut := link(m.Link, m.Title)
		b.WriteString(strings.Replace(open, "<a ", `<a tabindex="-1" `, 1) + `<rect class="touch" y="10" height="160" x="` + percent(float64(i)/n) + `" width="` + percent(1/n) + `"><title>` + safe(m.Title, 160) + `</title></rect>` + shut)
	}
}

// marks puts a dot on each window that is an alarm.
func (s *Series) marks(b *strings.Builder, in scale) {
	for i := range s.Stops {
		stop := &s.Stops[i]
		loud := slices.Contains([]Level{Warn, Alert, Invalid}, stop.Level)
		if !loud || !finite(stop.Middle) {
			continue
		}
		open, shut := link(stop.Link, stop.Title)
		b.WriteString(open + `<circle class="mark ` + stop.Level.class() + `" r="4.5" cx="` + percent(s.across(i)) + `" cy="`)
		coordinate(b, linesTop+linesPlot*in.down(stop.Middle))
		b.WriteString(`">`)
		if stop.Title != "" {
			b.WriteString("<title>" + safe(stop.Title, 160) + "</title>")
		}
		b.WriteString("</circle>" + shut)
	}
}

// describe says where the line starts and ends.
func (s *Series) describe() string {
	format := s.Format
	if format == nil {
		format = plain.Number
	}
	ends := func(n int, of func(i int) Band) string {
		first, last := -1, -1
		for i := range n {
			if finite(of(i).Middle) {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if first < 0 {
			return ""
		}
		return "rom " + format(of(first).Middle) + " to " + format(of(last).Middle) + "."
	}
	words := ends(len(s.Stops), func(i int) Band { return s.Stops[i].Band })
	if words != "" {
		words = "F" + words
	}
	if other := ends(len(s.Other), func(i int) Band { return s.Other[i] }); other != "" {
		words = strings.TrimSpace(words + " Dashed: f" + other)
	}
	if words != "" && s.Baseline != nil && finite(s.Baseline.Middle) {
		words += " Baseline: " + format(s.Baseline.Middle) + "."
	}
	return words
}
