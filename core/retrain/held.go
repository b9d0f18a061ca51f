package retrain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"leeway/core/report"
	"leeway/core/report/plain"
)

// held is what speaks against a request now.
func (e *evidence) held(reasons []report.RetrainReason) []report.RetrainHold {
	var held []report.RetrainHold
	hold := func(by, format string, args ...any) {
		held = append(held, report.RetrainHold{By: by, Message: fmt.Sprintf(format, args...)})
	}
	if broken := e.broken(); broken != "" {
		hold(report.HeldByQuality, "the data are broken (%s): mend them first, or the model is trained on that", broken)
	}
	if at := e.restated(); at != "" {
		hold(report.HeldByModel, "the same rows get other scores than in the reference (%s): another model or another input at serving, which training does not mend. Put it back; or, if it was replaced on purpose, build and approve a baseline of data that it scored", at)
	}
	fell := slices.ContainsFunc(reasons, func(r report.RetrainReason) bool { return r.Kind == reasonPerformance })
	if newest := e.windows[len(e.windows)-1]; e.last != nil && e.last.Baseline == newest.Baseline && !fell {
		hold(report.HeldByBaseline, "windows are compared with the baseline of before the last training: build and approve one of the data that it was trained on")
	}
	if until := e.cooling(); until.After(e.state.Clock) {
		hold(report.HeldByCoolDown, "the last request ended less than the cool-down ago, which lasts until %s", until.UTC().Format(time.RFC3339))
	}
	if n := e.spent(); n >= e.policy.Budget {
		hold(report.HeldByBudget, "%d of %d requests in 30 days are spent", n, e.policy.Budget)
	}
	if n := e.labels(); n < e.policy.MinLabels {
		hold(report.HeldByLabels, "%s came since the last training, of %d that it takes", plain.Plural(n, "label", "labels"), e.policy.MinLabels)
	}
	return held
}

// broken says what is broken in the last windows, whole or not, "" for nothing.
func (e *evidence) broken() string {
	var at []*Window
	for i := max(0, len(e.windows)-e.policy.Of); i < len(e.windows); i++ {
		if len(e.windows[i].Broken) > 0 {
			at = append(at, &e.windows[i])
		}
	}
	return names(at, func(w *Window) []string { return w.Broken })
}

// restated says in which of the last windows the model is another one, "" for none.
func (e *evidence) restated() string {
	var at []string
	for i := max(0, len(e.windows)-e.policy.Of); i < len(e.windows); i++ {
		if w := &e.windows[i]; w.Restated {
			at = append(at, w.Start.UTC().Format(time.DateOnly))
		}
	}
	return strings.Join(at, ", ")
}

// cooling is until when the cool-down lasts.
func (e *evidence) cooling() time.Time {
	if len(e.state.Past) == 0 {
		return time.Time{}
	}
	last := e.state.Past[len(e.state.Past)-1]
	wait := e.policy.CoolDown
	if last.Phase == Rejected || last.Phase == Declined {
		wait *= 3
	}
	return last.Ended.Add(wait)
}

// spent is how many requests were made in the last 30 days.
func (e *evidence) spent() int {
	n := 0
	for i := range e.state.Past {
		if r := &e.state.Past[i]; r.wasAsked() && e.state.Clock.Sub(r.At) < month {
			n++
		}
	}
	return n
}

// holding is what is said of a request that is held back.
func holding(reasons []report.RetrainReason, held []report.RetrainHold) string {
	var against []string
	for _, h := range held {
		against = append(against, h.Message)
	}
	return "There is reason to retrain (" + because(reasons) + "), but " + strings.Join(against, "; ") + "."
}

func because(reasons []report.RetrainReason) string {
	var all []string
	for _, r := range reasons {
		all = append(all, r.Message)
	}
	return strings.Join(all, "; ")
}

// underWay is what a report says of a request: one's own was made, another's is
// waited for.
func (r *Request) underWay(of string) *report.Retrain {
	out := &report.Retrain{Decision: report.RetrainWaiting, Request: r.ID, Reasons: r.Reasons}
	switch own := r.Report == of; {
	case r.Phase == Proposed && own:
		out.Decision, out.Message = report.RetrainProposed, "Retraining is proposed and waits for approval: "+because(r.Reasons)+"."
	case r.Phase == Proposed:
		out.Message = "A retraining that was proposed before waits for approval: " + because(r.Reasons) + "."
	case own:
		out.Decision, out.Message = report.RetrainRequested, "Retraining was requested: "+because(r.Reasons)+"."
	default:
		out.Message = "A retraining that was requested before is under way: " + because(r.Reasons) + "."
	}
	return out
}

// identify names a request by what it is about: whoever makes the same one, and
// however often, gives it the same name.
func identify(model string, count int, r *Request) string {
	sum := sha256.New()
	for _, part := range []string{model, r.Baseline, r.Start.UTC().Format(time.RFC3339), r.End.UTC().Format(time.RFC3339), strconv.Itoa(count)} {
		sum.Write([]byte(part + "\x00"))
	}
	for _, reason := range r.Reasons {
		sum.Write([]byte(reason.Kind + "\x00"))
	}
	return "rt-" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// span is a length of time in the largest whole unit of days or hours.
func span(d time.Duration) string {
	if days := int64(d / (24 * time.Hour)); days > 0 {
		return plain.Plural(days, "day", "days")
	}
	return plain.Plural(int64(d/time.Hour), "hour", "hours")
}
