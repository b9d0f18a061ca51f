package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"leeway/core/metric"
)

// The dashboard has these texts where the module knows better: the model is
// chosen from a list on the dashboard itself.
const (
	anyModel     = "__model__"
	anyNamespace = "__namespace__"
	anyRegion    = "__region__"
)

// longestSearch is how long an expression of CloudWatch may be; a namespace and
// a model's name take the place of shorter texts.
const (
	longestSearch = 1024
	longestName   = 255
)

// cloudWatchAlarm is a rule of the catalogue in CloudWatch's words.
type cloudWatchAlarm struct {
	Series      string            `json:"series"`
	Dimensions  map[string]string `json:"dimensions"`
	Statistic   string            `json:"statistic"`
	Comparison  string            `json:"comparison"`
	Threshold   float64           `json:"threshold"`
	Setting     string            `json:"setting"`
	Period      int               `json:"period"`
	Periods     int               `json:"periods"`
	Needed      int               `json:"needed"`
	Missing     string            `json:"missing"`
	Effect      bool              `json:"effect"`
	Description string            `json:"description"`
}

func cloudWatchAlarms(rules []metric.Alarm) ([]byte, error) {
	alarms := map[string]cloudWatchAlarm{}
	for _, a := range rules {
		one := cloudWatchAlarm{
			Series: a.Series, Dimensions: maps.Clone(a.Labels), Threshold: a.Limit, Setting: a.Setting,
			Period: a.Period, Periods: a.Periods, Needed: a.Needed, Effect: a.Effect, Description: a.Help,
			Missing: "ignore", // values are sparse: no batch, no value, and no news
		}
		if one.Dimensions == nil {
			one.Dimensions = map[string]string{}
		}
		one.Statistic, one.Comparison = "Minimum", "LessThanOrEqualToThreshold"
		if a.Over {
			one.Statistic, one.Comparison = "Maximum", "GreaterThanOrEqualToThreshold"
		}
		if a.Setting != "" { // how long ago: the youngest that was seen in the period counts
			one.Statistic = "Minimum"
		}
		alarms[a.Name] = one
	}
	return indented(alarms)
}

// widget is one chart of a CloudWatch dashboard.
type widget struct {
	Type       string     `json:"type"`
	X          int        `json:"x"`
	Y          int        `json:"y"`
	Width      int        `json:"width"`
	Height     int        `json:"height"`
	Properties properties `json:"properties"`
}

type properties struct {
	Title   string          `json:"title"`
	Region  string          `json:"region"`
	View    string          `json:"view"`
	Stacked bool            `json:"stacked"`
	Stat    string          `json:"stat"`
	Period  int             `json:"period"`
	Metrics [][]any         `json:"metrics"`
	YAxis   map[string]axis `json:"yAxis,omitempty"`
}

type axis struct {
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
}

// cloudWatchWidgets lays the panels out, three in a row.
func cloudWatchWidgets(panels []metric.Panel, catalogue []metric.Desc) ([]byte, error) {
	const width, height, across = 8, 6, 3
	var widgets []widget
	for i, p := range panels {
		w := widget{Type: "metric", X: i % across * width, Y: i / across * height, Width: width, Height: height, Properties: properties{
			Title: p.Title, Region: anyRegion, View: "timeSeries", Stat: "Maximum", Period: 300, Metrics: lines(p),
		}}
		if p.Check != "" {
			var err error
			if w.Properties.Metrics, err = searches(p, catalogue); err != nil {
				return nil, err
			}
		}
		if p.Low != nil || p.High != nil {
			w.Properties.YAxis = map[string]axis{"left": {p.Low, p.High}}
		}
		widgets = append(widgets, w)
	}
	return indented(widgets)
}

// lines are the metrics of a panel of a standing series.
func lines(p metric.Panel) [][]any {
	if p.Series == "" {
		return nil
	}
	standing, _ := metric.StandingByName(p.Series)
	switch {
	case len(standing.Labels) == 0:
		return [][]any{{anyNamespace, p.Series, "model", anyModel}}
	case len(p.Values) == 0:
		labels := strings.Join(append([]string{"model"}, standing.Labels...), ",")
		return [][]any{{map[string]string{"id": "e1", "label": "", "expression": search(labels, []string{p.Series})}}}
	}
	var metrics [][]any
	for _, value := range p.Values {
		metrics = append(metrics, []any{anyNamespace, p.Series, "model", anyModel, standing.Labels[0], value, map[string]string{"label": value}})
	}
	return metrics
}

// shown tells whether a metric is on a panel of a check.
func shown(p metric.Panel, d *metric.Desc) bool {
	if d.Check != p.Check {
		return false
	}
	if p.Errors {
		return d.High > 1 && d.Better == "lower" && d.Unit != "rows"
	}
	return d.Low >= -1 && d.High <= 1
}

// searches find all metrics of a panel, by every set of labels that a sample may
// carry, in as many expressions as their length takes.
func searches(p metric.Panel, catalogue []metric.Desc) ([][]any, error) {
	byLabels := map[string][]string{}
	for i := range catalogue {
		d := &catalogue[i]
		if !shown(p, d) {
			continue
		}
		key := strings.Join(append([]string{"model"}, d.Labels...), ",")
		byLabels[key] = append(byLabels[key], d.FullName())
		if without := slices.DeleteFunc(slices.Clone(d.Labels), func(l string) bool { return l == "role" || l == "class" }); len(without) < len(d.Labels) {
			key := strings.Join(append([]string{"model"}, without...), ",") // labels that a sample may lack
			byLabels[key] = append(byLabels[key], d.FullName())
		}
	}
	if len(byLabels) == 0 {
		return nil, fmt.Errorf("no metric for the panel %q", p.Title)
	}
	var metrics [][]any
	for _, labels := range slices.Sorted(maps.Keys(byLabels)) {
		for _, names := range fitting(byLabels[labels]) {
			metrics = append(metrics, []any{map[string]string{
				"id":         fmt.Sprintf("e%d", len(metrics)+1),
				"label":      "",
				"expression": search(labels, names),
			}})
		}
	}
	return metrics, nil
}

func search(labels string, names []string) string {
	return fmt.Sprintf(`SEARCH('{%s,%s} model="%s" MetricName=("%s")', 'Maximum', 300)`, anyNamespace, labels, anyModel, strings.Join(names, `" OR "`))
}

// fitting cuts names into lists whose expressions are not too long.
func fitting(names []string) [][]string {
	const reserve = 2 * longestName // for the namespace and the model
	labels := strings.Repeat("x", 64)
	var lists [][]string
	for _, name := range names {
		last := len(lists) - 1
		if last >= 0 && len(search(labels, append(slices.Clone(lists[last]), name)))+reserve <= longestSearch {
			lists[last] = append(lists[last], name)
			continue
		}
		lists = append(lists, []string{name})
	}
	return lists
}

func indented(v any) ([]byte, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return []byte(b.String()), err
}
