package vary

import (
	"fmt"
	"math"

	"leeway/core/check"
	"leeway/core/check/performance"
	"leeway/core/collect"
	"leeway/core/compare"
	"leeway/core/internal/numeral"
	"leeway/core/metric"
	"leeway/core/policy"
	"leeway/core/profile"
	"leeway/core/route"
	"leeway/core/schema"
	"leeway/core/truth"
)

// ofWindows compares the windows of a reference with the whole of it: what each
// test says of windows of which it is known that they are good.
//
// A window is part of the whole. That makes the difference between their means
// smaller: with c rows in common of m and n, by the factor sqrt(1 - 2c/(m+n)),
// which is undone. Of its windows those on end that stand apart are named too.
func (w *Windows) ofWindows(whole *profile.Dataset, contract *schema.Schema, outcomes *truth.Outcomes) (map[string][]metric.Deviate, []Episode, error) {
	parts, err := w.profiles()
	if err != nil || len(parts) == 0 {
		return nil, nil, err
	}
	all := map[string][]metric.Deviate{}
	if err := w.ofLabels(all, contract); err != nil {
		return nil, nil, err
	}
	if err := w.ofParts(all, outcomes, contract, whole, parts); err != nil {
		return nil, nil, err
	}
	s := stands{all, map[string][]int{}}
	for i, one := range parts {
		if err := w.remember(all, whole, contract, one); err != nil {
			return nil, nil, err
		}
		s.note(i)
	}
	return all, s.episodes(parts), nil
}

// remember adds what is said of a window that is part of a whole.
func (w *Windows) remember(to map[string][]metric.Deviate, whole *profile.Dataset, contract *schema.Schema, one route.Part) error {
	outcome, err := w.evaluate(whole, contract, one, check.Tests)
	if err == nil {
		Remember(to, &outcome, float64(one.Profile.Rows)/float64(whole.Rows))
	}
	return err
}

// evaluate tells what the checks say of part of a whole against all of it.
func (w *Windows) evaluate(whole *profile.Dataset, contract *schema.Schema, one route.Part, wanted check.Wanted) (check.Outcome, error) {
	c := compare.Comparison{
		Config: w.config, Contract: contract, Reference: &collect.Collection{Profile: whole},
		Current: &collect.Collection{Profile: one.Profile}, Window: &one.Window,
	}
	if err := w.stop.now(); err != nil {
		return check.Outcome{}, err
	}
	outcome, err := c.Evaluate(wanted)
	if err != nil {
		return outcome, fmt.Errorf("window %s: %w", one.Window.Key(), err)
	}
	return outcome, nil
}

// Remember adds what the tests, the deviates and the paces of one window say that is such a
// share of the whole. It is exported for scripts/calibrate, which simulates such
// references.
func Remember(variation map[string][]metric.Deviate, o *check.Outcome, share float64) {
	rows := rememberTests(variation, o, share)
	for i := range o.Deviates {
		d := &o.Deviates[i]
		variation[d.Key] = append(variation[d.Key], metric.Deviate{Z: numeral.Digits(d.Z, 4), N: numeral.Digits(d.N, 4)})
	}
	for key, value := range o.Traits {
		variation[key] = append(variation[key], metric.Deviate{Z: numeral.Digits(value, 9)})
	}
	for column, paces := range o.Paces {
		for _, pace := range paces {
			if share := float64(pace.Rows) / rows; share <= mostShare { // both sides' error is undone with it
				addDeviate(variation, check.PaceKey(column, pace.Of), pace.Mean*math.Sqrt(float64(pace.Rows)/(1+share)), float64(pace.Rows), share/(1+share))
			}
		}
	}
}

// addDeviate adds one of a window that has such a share of both sides' rows in common with
// the whole.
func addDeviate(to map[string][]metric.Deviate, id string, z, size, common float64) {
	z /= math.Sqrt(1 - float64(2*common))
	to[id] = append(to[id], metric.Deviate{Z: numeral.Digits(z, 4), N: numeral.Digits(size, 4)})
}

// rememberTests adds what the tests say, and tells how many rows the whole has.
func rememberTests(variation map[string][]metric.Deviate, o *check.Outcome, share float64) (rows float64) {
	for i := range o.Evidence {
		e := &o.Evidence[i]
		n, m := float64(e.NReference), float64(e.NCurrent)
		common := m
		if len(e.Columns) > 0 || e.Check == performance.Name { // both sides are samples, of which fewer rows are in both
			common = min(m, share*n)
		}
		if math.IsNaN(e.P) || n == 0 || common > mostShare*n {
			continue
		}
		rows = max(rows, n)
		p := policy.NewDeviate(e)
		addDeviate(variation, policy.Key(e.Check, e.Metric, e.Labels), p.Z, p.N, common/(n+m))
	}
	return rows
}
