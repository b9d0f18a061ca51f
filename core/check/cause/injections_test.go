package cause_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"leeway/core/report"
)

// injection is a fault of a class.
type injection struct {
	fault
	class string
	other string // takes part
}

// injections are all faults, some of which data cannot tell from others: kinds are those
// that are right.
func injections() (list []injection) {
	add := func(class, column, name, kinds string, holds func(*report.Cause) bool, f func(r *rand.Rand, d *data)) {
		list = append(list, injection{fault{name, kinds, column, on(column, f), holds}, class, ""})
	}
	units(add)
	defaults(add)
	bounds(add)
	names(add)
	for _, s := range [][2]string{{"stays_in_week_nights", "stays_in_weekend_nights"}, {"adults", "children"}, {"children", "babies"}, {"lead_time", "adr"}, {"reserved_room_type", "assigned_room_type"}, {"agent", "company"}, {"market_segment", "distribution_channel"}, {"meal", "customer_type"}, {"meal", "deposit_type"}, {"previous_cancellations", "previous_bookings_not_canceled"}, {"lead_time", "days_in_waiting_list"}, {"total_of_special_requests", "booking_changes"}, {"adults", "total_of_special_requests"}, {"y_pred_proba", "adr"}, {"country", "meal"}, {"hotel", "deposit_type"}, {"adr", "stays_in_week_nights"}} {
		list = append(list, injection{fault{"with " + s[1], "swapped_columns", s[0], func(_ *rand.Rand, t rows) { t[s[0]], t[s[1]] = t[s[1]], t[s[0]] }, other(s[1])}, "swapped", s[1]})
	}
	for _, c := range [][2]string{{"y_pred", "is_repeated_guest"}, {"y_pred", "parking_spaces"}, {"lead_time", "days_in_waiting_list"}, {"lead_time", "adr"}, {"distribution_channel", "market_segment"}} {
		kinds := "copied_column"
		if c[1] == "days_in_waiting_list" { // which is mostly 0
			kinds += " default_value"
		}
		list = append(list, injection{fault{"of " + c[1], kinds, c[0], func(_ *rand.Rand, t rows) { t[c[0]].take(t[c[1]]) }, nil}, "copied", ""})
	}
	return list
}

type adder = func(class, column, name, kinds string, holds func(*report.Cause) bool, f func(r *rand.Rand, d *data))

func other(name string) func(*report.Cause) bool {
	return func(c *report.Cause) bool { return slices.Equal(c.Columns, []string{name}) }
}

// take copies the values of another column.
func (d *data) take(from *data) {
	d.numbers = slices.Clone(from.numbers)
	for i := range d.texts {
		if from.texts != nil {
			d.texts[i] = from.texts[i]
		} else {
			d.texts[i] = fmt.Sprint(from.numbers[i])
		}
	}
	if d.texts != nil {
		d.numbers = nil
	}
}

func each(f func(float64) float64) func(*rand.Rand, *data) {
	return func(_ *rand.Rand, d *data) { d.each(f) }
}

func text(f func(string) string) func(*rand.Rand, *data) {
	return func(_ *rand.Rand, d *data) { d.text(f) }
}

func units(add adder) {
	for _, u := range []struct {
		column string
		k      float64
	}{{"adr", 100}, {"adr", 0.01}, {"adr", 1000}, {"adr", 0.001}, {"lead_time", 24}, {"lead_time", 1440}, {"lead_time", 1. / 7}, {"lead_time", 1. / 365.25}, {"y_pred_proba", 100}, {"stays_in_week_nights", 24}, {"days_in_waiting_list", 24}} {
		add("unit", u.column, fmt.Sprintf("times %.4g", u.k), "unit_change", factor(u.k), times(u.k))
	}
	add("unit", "adr", "°C to °F", "unit_change", factor(1.8), each(func(x float64) float64 { return math.Round(100*(1.8*x+32)) / 100 }))
	add("unit", "lead_time", "°F to °C", "unit_change", factor(1/1.8), each(func(x float64) float64 { return math.Round(100*(x-32)/1.8) / 100 }))
	for _, by := range []float64{7, 30} { // of which only 7 is known
		add("unit, whole numbers", "lead_time", fmt.Sprintf("divided by %g, down", by), "unit_change", factor(1/by), each(func(x float64) float64 { return math.Floor(x / by) }))
		add("unit, whole numbers", "lead_time", fmt.Sprintf("divided by %g, nearest", by), "unit_change", factor(1/by), each(func(x float64) float64 { return math.Round(x / by) }))
	}
	add("unit, whole numbers", "adr", "cents of whole euros", "unit_change", factor(100), each(func(x float64) float64 { return 100 * math.Round(x) }))
	add("unit, whole numbers", "y_pred_proba", "percents", "unit_change", factor(100), each(func(x float64) float64 { return math.Round(100 * x) }))
	add("sign", "adr", "times -1", "negated", nil, times(-1))
	add("sign", "lead_time", "times -1", "negated", nil, times(-1))
	add("prediction", "y_pred", "0 and 1 exchanged", "negated", nil, text(strings.NewReplacer("0", "1", "1", "0").Replace))
	add("prediction", "y_pred_proba", "of the other class", "negated", nil, each(func(x float64) float64 { return 1 - x }))
}

// typicals are the mean, the mean rounded and the median of the reference.
var typicals = map[string]map[string]string{
	"adr":       {"mean": "116.742949", "rounded": "117", "median": "110"},
	"lead_time": {"mean": "106.300538", "rounded": "106", "median": "87"},
}

func defaults(add adder) {
	for _, d := range []struct{ column, values string }{
		{"adr", "0 -1 999 9999 mean rounded median"}, {"lead_time", "0 -1 999 9999 mean rounded median"}, {"y_pred_proba", "0 -1 0.5"},
		{"adults", "0 -1"}, {"children", "-1 99"}, {"stays_in_week_nights", "0 -1 99"}, {"total_of_special_requests", "-1 99"},
		{"agent", "0.0 unknown NULL"}, {"country", "UNK XXX"}, {"market_segment", "Undefined"}, {"meal", "Undefined none"}, {"customer_type", "unknown"},
	} {
		for _, v := range strings.Fields(d.values) {
			with, kinds := v, "default_value"
			if typical := typicals[d.column][v]; typical != "" {
				with = typical
			}
			if _, known := typicals[d.column][v]; known || v == "0.5" {
				kinds += " stuck_value"
			}
			for _, share := range []float64{0.05, 0.1, 0.2, 1} {
				add(fmt.Sprintf("default %3g%%", 100*share), d.column, v, kinds, value(with), instead(share, with))
			}
		}
	}
	for _, column := range []string{"adr", "lead_time", "y_pred_proba", "stays_in_week_nights", "country", "agent", "market_segment", "customer_type", "total_of_special_requests"} {
		for _, share := range []float64{0.4, 1} {
			add(fmt.Sprintf("stuck %3g%%", 100*share), column, "from some row on", "stuck_value default_value", nil, func(_ *rand.Rand, d *data) {
				from := int(float64(max(len(d.numbers), len(d.texts))-1) * (1 - share))
				for i := from; i < len(d.numbers); i++ {
					d.numbers[i] = d.numbers[from]
				}
				for i := from; i < len(d.texts); i++ {
					d.texts[i] = d.texts[from]
				}
			})
		}
	}
}

// instead puts a value into a share of the rows.
func instead(share float64, with string) func(*rand.Rand, *data) {
	x, _ := strconv.ParseFloat(with, 64) // 0 for names, which have texts
	return func(r *rand.Rand, d *data) {
		d.each(some(r, share, func(float64) float64 { return x }))
		d.text(func(s string) string {
			if r.Float64() < share {
				return with
			}
			return s
		})
	}
}

func bounds(add adder) {
	for _, c := range []struct {
		column string
		bound  float64
	}{{"lead_time", 60}, {"lead_time", 100}, {"lead_time", 200}, {"lead_time", 255}, {"adr", 100}, {"adr", 150}, {"adr", 200}, {"stays_in_week_nights", 3}, {"y_pred_proba", 0.5}} {
		add("clipped", c.column, fmt.Sprint("at ", c.bound), "clipped", nil, each(func(x float64) float64 { return min(x, c.bound) }))
		if c.bound > 3 {
			add("rows gone", c.column, fmt.Sprint("beyond ", c.bound), "cut_off", nil, func(r *rand.Rand, d *data) {
				kept := slices.DeleteFunc(slices.Clone(d.numbers), func(x float64) bool { return x > c.bound })
				d.each(func(x float64) float64 {
					if x > c.bound {
						return kept[r.IntN(len(kept))]
					}
					return x
				})
			})
		}
	}
	tens := func(x float64) float64 { return 10 * math.Round(x/10) }
	add("rounded", "adr", "to euros", "rounded", nil, each(math.Round))
	add("rounded", "adr", "to tens", "rounded", nil, each(tens))
	add("rounded", "adr", "cut", "rounded", nil, each(math.Trunc))
	add("rounded", "lead_time", "to tens", "rounded", nil, each(tens))
	add("rounded", "y_pred_proba", "to percents", "rounded", nil, each(func(x float64) float64 { return math.Round(100*x) / 100 }))
}

func names(add adder) {
	for _, c := range []struct {
		column string
		length int
	}{{"customer_type", 9}, {"customer_type", 10}, {"customer_type", 5}, {"customer_type", 12}, {"country", 2}, {"country", 1}, {"market_segment", 6}, {"market_segment", 8}, {"market_segment", 10}, {"deposit_type", 6}, {"deposit_type", 8}, {"distribution_channel", 3}, {"distribution_channel", 5}, {"hotel", 4}, {"agent", 2}, {"company", 2}} {
		add("text cut", c.column, fmt.Sprint("after ", c.length), "text_cut", nil, text(func(s string) string { return s[:min(c.length, len(s))] }))
	}
	for _, j := range []struct{ column, from, to string }{{"country", "GBR", "PRT"}, {"country", "GBR FRA", "DEU"}, {"country", "DEU", "ITA"}, {"country", "ESP", "GBR"}, {"market_segment", "Direct", "Groups"}, {"market_segment", "Corporate", "Direct"}, {"distribution_channel", "Direct", "Corporate"}, {"customer_type", "Transient-Party", "Contract"}, {"customer_type", "Transient-Party", "Transient"}, {"meal", "SC", "HB"}, {"meal", "HB", "BB"}, {"reserved_room_type", "D", "A"}, {"assigned_room_type", "D", "E"}, {"deposit_type", "Refundable", "No Deposit"}, {"agent", "9.0", "240.0"}, {"agent", "240.0", "9.0"}} {
		kinds, holds := "categories_joined", value(j.to)
		if strings.HasPrefix(j.from, j.to) { // the same comes of names cut after so many characters
			kinds, holds = "categories_joined text_cut", nil
		}
		add("joined", j.column, j.from+" into "+j.to, kinds, holds, text(func(s string) string {
			if slices.Contains(strings.Fields(j.from), s) {
				return j.to
			}
			return s
		}))
	}
	for _, j := range []struct{ column, from, to string }{{"country", "GBR", "UK"}, {"meal", "BB", "Breakfast"}, {"market_segment", "Online TA", "Web"}, {"customer_type", "Transient", "T"}} {
		add("renamed", j.column, j.from+" is "+j.to, "category_renamed", value(j.to), text(func(s string) string {
			if s == j.from {
				return j.to
			}
			return s
		}))
	}
	for _, column := range []string{"country", "meal", "customer_type"} {
		add("spelling", column, "lower case", "category_spelling", nil, text(strings.ToLower))
		add("spelling", column, "a blank", "category_spelling", nil, text(func(s string) string { return s + " " }))
	}
}
