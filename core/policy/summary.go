package policy

import (
	"fmt"
	"slices"
	"strings"

	"leeway/core/check"
	"leeway/core/internal/words"
	"leeway/core/report"
)

// summary is a few sentences for somebody who reads nothing else: what is broken, what
// moved and how good the model is, by which columns, where, and for whom.
func (j *judge) summary(findings []report.Finding, topics []*topic, segments []report.Segment, verdict report.Verdict) string {
	at := slices.IndexFunc(findings, func(f report.Finding) bool { return j.foremost[f.ID] })
	if at < 0 {
		return j.told(findings, topics, segments, verdict)
	}
	first := findings[at].Message + " " + findings[at].Hint
	if rest := j.told(findings, topics, segments, verdict); rest != first {
		return first + " " + rest
	}
	return first
}

// told is the summary but for what is foremost.
func (j *judge) told(findings []report.Finding, topics []*topic, segments []report.Segment, verdict report.Verdict) string {
	switch verdict {
	case report.OK:
		s := j.quiet(findings, len(segments))
		if p := j.options.Partial; p != nil {
			s += " " + p.Message
		}
		return s
	case report.Unknown:
		for _, f := range findings {
			if f.Metric == check.NotComparable {
				return strings.Join(append([]string{f.Message, f.Hint}, j.selective(findings)...), " ")
			}
			if f.Severity == report.SeverityUnknown {
				return f.Message + " " + f.Hint
			}
		}
	}
	sentences := j.story(findings, topics, segments)
	if p := j.options.Partial; p != nil && len(p.Pieces) > 0 {
		sentences = append(sentences, p.Message)
	} else if p != nil {
		sentences = append(sentences, p.Message, "All else is not judged yet.")
	}
	return strings.Join(sentences, " ")
}

// mostTopics is how many topics are told of what is broken and of columns together.
const mostTopics = 2

// story tells what happened, in the order of [report.Turn].
func (j *judge) story(findings []report.Finding, topics []*topic, segments []report.Segment) []string {
	sentences := tell(topics, report.AtLabels, 1)
	sentences = append(sentences, tell(topics, report.AtBroken, mostTopics-len(sentences))...)
	room := max(mostTopics-len(sentences), 1)
	add := func(texts ...string) {
		for _, text := range texts {
			if text != "" && !slices.Contains(sentences, text) {
				sentences = append(sentences, text)
			}
		}
	}
	if slices.ContainsFunc(findings, func(f report.Finding) bool {
		return alarm(f.Severity) && (f.Check == "performance" || j.options.Restated && f.Check == "drift" && said(f.Labels.Role))
	}) {
		add(j.options.Moved)
	}
	others := slices.DeleteFunc(slices.Clone(topics), func(t *topic) bool { return t.lead.Message == j.options.Moved })
	add(tell(others, report.AtOutcomes, 1)...)
	add(j.selective(findings)...)
	add(tell(topics, report.AtColumns, room)...)
	drifted := j.drifted(findings)
	add(drifted, quality(findings, sentences, drifted != ""), apart(findings, segments), j.unknownOf(findings))
	add(tell(topics, report.AtSlices, 1)...)
	add(tell(topics, report.AtPeople, 1)...)
	return sentences
}

// selective says that labelled rows are not like the others, and first what would be
// told of them if they were; nothing where they are.
func (j *judge) selective(findings []report.Finding) (sentences []string) {
	var reason string
	for i := range findings {
		f := &findings[i]
		if j.doubted[f.ID] && len(sentences) == 0 {
			sentences = append(sentences, f.Message)
		}
		if f.Metric == check.LabelsSelective {
			reason = f.Message
		}
	}
	if reason != "" {
		sentences = append(sentences, reason)
	}
	return sentences
}

// unknownOf says why it is not known how good the model was where the window has a verdict all
// the same; "" where it is known, no label came, or what is said of predictions or labels tells.
func (j *judge) unknownOf(findings []report.Finding) string {
	told := ""
	for i := range findings {
		switch f := &findings[i]; {
		case f.Metric == check.UnseenLabels || f.Metric == check.UnseenPredictions:
			if alarm(f.Severity) {
				return ""
			}
		case told == "" && f.Check == "performance" && f.Severity == report.SeverityUnknown && f.Labels.Segment == "" && j.partly[f.ID] && !j.foremost[f.ID]:
			told = f.Message
		}
	}
	return told
}

func (j *judge) quiet(findings []report.Finding, segments int) string {
	columns := j.columns()
	s := fmt.Sprintf("Nothing changed beyond chance in %s", words.Plural(int64(len(columns)), "column"))
	if segments > 0 {
		s += fmt.Sprintf(", nor in any of %s", words.Plural(int64(segments), "segment"))
	}
	s += "."
	for _, f := range findings {
		if f.Streak > 0 {
			return fmt.Sprintf("Nothing alarms yet: %s waits to be seen in %d windows in a row.", subject(f), j.options.Persistence)
		}
	}
	if j.tests > 0 {
		s += fmt.Sprintf(" %s, with a chance of at most %s of any false alarm.", words.Plural(int64(j.tests), "test"), words.Share(j.options.FalseAlarms))
	}
	if told := j.selective(findings); len(told) > 0 {
		s += " " + strings.Join(told, " ")
	}
	if unknown := j.unknownOf(findings); unknown != "" {
		s += " " + unknown
	}
	if hiding := j.hiding(); hiding != "" {
		s += " " + hiding
	}
	return s
}

func subject(f report.Finding) string {
	if f.Labels.Column != "" {
		return "`" + f.Labels.Column + "`"
	}
	return "a change in " + f.Metric
}

// columns lists the columns that drift checks looked at.
func (j *judge) columns() map[string]bool {
	columns := map[string]bool{}
	for i := range j.evidence {
		if e := &j.evidence[i]; e.Check == "drift" && e.Labels.Column != "" && e.Labels.Segment == "" {
			columns[e.Labels.Column] = true
		}
	}
	return columns
}

func (j *judge) drifted(findings []report.Finding) string {
	columns := map[string]bool{}
	output, all := "", true // whether all are of the output
	for _, f := range findings {
		if f.Check != "drift" || !alarm(f.Severity) || f.Labels.Column == "" || f.Labels.Segment != "" {
			continue
		}
		columns[f.Labels.Column] = true
		switch f.Labels.Role {
		case "prediction", "score":
			output = "the model's predictions"
		case "label":
			if output == "" {
				output = "the labels"
			}
		}
		all = all && said(f.Labels.Role)
	}
	if len(columns) == 0 {
		return ""
	}
	s := fmt.Sprintf("%d of %s drifted", len(columns), words.Plural(int64(len(j.columns())), "column"))
	if output != "" {
		s += "; " + output
		if len(columns) > 1 && !all {
			s += " with them"
		} else {
			s += " themselves"
		}
	}
	return s + "."
}

// said tells whether a column of that role is what the model says.
func said(role string) bool { return role == "prediction" || role == "score" }

// quality counts the problems of quality, and names the gravest unless one is told.
func quality(findings []report.Finding, told []string, more bool) string {
	n, gravest, known := 0, "", false
	for _, f := range findings {
		if f.Check != "quality" || !alarm(f.Severity) || f.Labels.Segment != "" || f.Metric == check.UnseenLabels || f.Metric == check.UnseenPredictions { // that is told already
			continue
		}
		message := strings.TrimSuffix(f.Message, ".")
		known = known || slices.ContainsFunc(told, func(s string) bool { return strings.HasPrefix(s, message) })
		if n++; n == 1 {
			gravest = message
		}
	}
	if n == 0 {
		return ""
	}
	text := fmt.Sprintf("The data have %s of quality", words.Plural(int64(n), "problem"))
	if more {
		text += " too"
	}
	switch {
	case known:
	case n == 1:
		text += ": " + gravest
	default:
		text += ", above all: " + gravest
	}
	return text + "."
}

func alarm(s report.Severity) bool {
	return s == report.SeverityAlert || s == report.SeverityWarn
}

func waiting(streak, persistence int) string {
	return fmt.Sprintf("Seen in %s in a row; it alarms from %d on (policy.persistence).", words.Plural(int64(streak), "window"), persistence)
}
