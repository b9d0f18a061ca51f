package policy

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/metric"
	"leeway/core/report"
)

// in is evidence of a segment.
func in(segment, column string, p, effect float64) check.Evidence {
	e := tested(column, p, effect)
	e.Labels.Segment = segment
	for range 1 + strings.Count(segment, ",") {
		e.NCurrent /= 10
	}
	return e
}

// within gives evidence an interval of so much to either side.
func within(off float64, e check.Evidence) check.Evidence {
	e.Low, e.High = e.Value-off, e.Value+off
	return e
}

// TestSegmentsShare: ten segments of a table leave its own tests four fifths of
// what they had, and a table without segments all.
func TestSegmentsShare(t *testing.T) {
	level := func(segments int) float64 {
		var evidence []check.Evidence
		for i := range 20 {
			name := strconv.Itoa(i)
			evidence = append(evidence, of(features, name, 0.5))
			for k := range segments {
				evidence = append(evidence, in("shop="+strconv.Itoa(k), name, 0.5, 0))
			}
		}
		j := &judge{evidence: evidence, options: complete(nil)}
		j.correct()
		e := of(features, "one", 0.5)
		return j.level(&e)
	}
	if alone, beside := level(0), level(10); beside < 0.799*alone || beside > 0.801*alone {
		t.Errorf("beside ten segments a feature has %g, alone %g", beside, alone)
	}
	j := &judge{evidence: []check.Evidence{in("a=1", "x", 0.5, 0)}, options: complete(nil)}
	if j.correct(); j.shares[segments] != 1 {
		t.Errorf("segments alone have %g of the budget", j.shares[segments])
	}
}

// TestFold: a segment that repeats what all rows, or a larger segment, show is
// part of that; what it shows by itself, or as graver, is told.
func TestFold(t *testing.T) {
	for name, test := range map[string]struct {
		evidence []check.Evidence
		findings []string // ids
		parts    []string // of the first
		says     string   // in the message of the first
	}{
		"all alike": {
			[]check.Evidence{tested("x", 1e-30, 0.3), in("shop=a", "x", 1e-20, 0.32), in("shop=b", "x", 1e-20, 0.3)},
			[]string{"drift.js_distance.x"}, []string{"shop=a", "shop=b"}, "",
		},
		"most in one": {
			[]check.Evidence{tested("x", 1e-30, 0.3), in("shop=a", "x", 1e-20, 0.15), in("shop=b", "x", 1e-20, 0.6), in("shop=(other)", "x", 1e-20, 0.9)},
			[]string{"drift.js_distance.x"}, []string{"shop=(other)", "shop=b", "shop=a"}, " It is most in shop=b.",
		},
		"one only": {
			[]check.Evidence{tested("x", 0.5, 0), in("shop=a", "x", 1e-20, 0.5), in("shop=b", "x", 0.5, 0)},
			[]string{"drift.js_distance.x.shop%3Da"}, nil, "",
		},
		"graver than all rows": {
			[]check.Evidence{tested("x", 1e-20, 0.05), in("shop=a", "x", 1e-20, 0.5)},
			[]string{"drift.js_distance.x.shop%3Da", "drift.js_distance.x"}, nil, "",
		},
		"as grave as all rows but for chance": {
			[]check.Evidence{within(0.02, tested("x", 1e-20, 0.08)), within(0.06, in("shop=a", "x", 1e-9, 0.14)), within(0.06, in("shop=b", "x", 1e-9, 0.12))},
			[]string{"drift.js_distance.x"}, []string{"shop=a", "shop=b"}, "",
		},
		"graver than all rows for sure": {
			[]check.Evidence{within(0.02, tested("x", 1e-20, 0.08)), within(0.06, in("shop=a", "x", 1e-20, 0.24)), within(0.06, in("shop=b", "x", 1e-9, 0.12))},
			[]string{"drift.js_distance.x.shop%3Da", "drift.js_distance.x"}, nil, "",
		},
		"most in one by chance": {
			[]check.Evidence{within(0.02, tested("x", 1e-30, 0.2)), within(0.06, in("shop=a", "x", 1e-20, 0.28)), within(0.04, in("shop=b", "x", 1e-20, 0.19))},
			[]string{"drift.js_distance.x"}, []string{"shop=a", "shop=b"}, "",
		},
		"most in the one of which it is sure": {
			[]check.Evidence{within(0.02, tested("x", 1e-30, 0.2)), within(0.2, in("shop=a", "x", 1e-20, 0.36)), within(0.03, in("shop=b", "x", 1e-20, 0.35))},
			[]string{"drift.js_distance.x"}, []string{"shop=a", "shop=b"}, " It is most in shop=b.",
		},
		"within a larger one": {
			[]check.Evidence{tested("x", 0.5, 0), in("shop=a", "x", 1e-20, 0.3), in("shop=b", "x", 1e-20, 0.3), in("day=1,shop=a", "x", 1e-20, 0.5), in("day=2,shop=c", "x", 1e-20, 0.25)},
			[]string{"drift.js_distance.x.shop%3Da", "drift.js_distance.x.shop%3Db", "drift.js_distance.x.day%3D2%2Cshop%3Dc"}, []string{"day=1,shop=a"}, " It is most in day=1,shop=a.",
		},
		"another column": {
			[]check.Evidence{tested("x", 1e-30, 0.5), in("shop=a", "y", 1e-20, 0.3)},
			[]string{"drift.js_distance.x", "drift.js_distance.y.shop%3Da"}, nil, "",
		},
	} {
		j := Judge(test.evidence, nil)
		var ids, parts []string
		for _, f := range j.Findings {
			ids = append(ids, f.ID)
		}
		for _, part := range j.Findings[0].Segments {
			parts = append(parts, part.Segment)
		}
		if !slices.Equal(ids, test.findings) || !slices.Equal(parts, test.parts) {
			t.Errorf("%s: %q with %q", name, ids, parts)
		}
		if strings.Contains(j.Findings[0].Message, "It is most") != (test.says != "") || !strings.HasSuffix(j.Findings[0].Message, test.says) {
			t.Errorf("%s: %s", name, j.Findings[0].Message)
		}
		for _, one := range j.Segments {
			told := slices.ContainsFunc(test.evidence, func(e check.Evidence) bool { return e.Labels.Segment == one.Name && e.P < 1e-3 })
			if (one.Verdict == report.Alert) != told {
				t.Errorf("%s: %s is %s", name, one.Name, one.Verdict)
			}
		}
	}
}

// TestSegmentsNoise: where windows of segments differ, all of a division's count
// for each, and none is left out.
func TestSegmentsNoise(t *testing.T) {
	evidence := []check.Evidence{in("shop=a", "x", 1e-4, 0.3), in("shop=b", "x", 1e-4, 0.3), tested("x", 0.5, 0)}
	for i := range evidence {
		evidence[i].NReference, evidence[i].NCurrent = 10_000, 1000
	}
	key := func(e *check.Evidence) string { return Key(e.Check, e.Metric, e.Labels) }
	quiet := make([]metric.Deviate, 20)
	for i := range quiet {
		quiet[i] = metric.Deviate{Z: 0.5, N: 900}
	}
	odd := slices.Clone(quiet)
	odd[7].Z = 9
	still := map[string][]metric.Deviate{key(&evidence[0]): quiet, key(&evidence[1]): quiet}
	burst := map[string][]metric.Deviate{key(&evidence[0]): quiet, key(&evidence[1]): odd}
	if j := Judge(evidence, &Options{Variation: still}); len(j.Findings) != 2 {
		t.Errorf("%d findings where windows are alike", len(j.Findings))
	}
	if j := Judge(evidence, &Options{Variation: burst}); len(j.Findings) != 0 {
		t.Errorf("%d findings where a window of one segment did the like: %+v", len(j.Findings), j.Findings[0])
	}
}
