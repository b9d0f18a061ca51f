package dash_test

import (
	"strings"
	"testing"
	"time"

	"leeway/core/report"
	"leeway/core/retrain"
	"leeway/core/state"
)

// ask puts requests into the bucket, as the pipeline would.
func ask(t *testing.T, db *state.DB, model string, s retrain.State) {
	t.Helper()
	_, token, err := db.Retraining(t.Context(), model)
	if err == nil {
		err = db.SwapRetraining(t.Context(), model, s, token)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// decide notes what was decided with the newest report.
func decide(t *testing.T, db *state.DB, model string, decision *report.Retrain) {
	t.Helper()
	history, err := db.History(t.Context(), model, time.Time{}, time.Time{})
	if err == nil {
		err = db.Deliver(t.Context(), model, state.Present(history).Window, func(d *state.Delivered) { d.Retrain = decision })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRetraining: the page says what was decided and what became of requests, and is
// sent again when that changes.
func TestRetraining(t *testing.T) {
	db, _ := story(t, "hotel", 6, 10)
	h := handler(db, now)
	before := look(h, "/models/hotel")
	if strings.Contains(before.Body.String(), "Retraining") {
		t.Error("the page of a model without requests has a part on them")
	}
	decide(t, db, "hotel", &report.Retrain{Decision: report.RetrainHeld, Message: "There is a reason to retrain, held back by quality."})
	held := look(h, "/models/hotel", "If-None-Match", before.Header().Get("ETag"))
	if held.Code != 200 || !strings.Contains(held.Body.String(), "held back by quality") {
		t.Errorf("a decision: %d", held.Code)
	}
	day := now.Truncate(24 * time.Hour)
	request := retrain.Request{
		ID: "rt-2", Phase: retrain.Proposed, Report: "0000000000000001", Start: day.AddDate(0, 0, -7), End: day, Labels: 5120, At: day,
		Reasons: []report.RetrainReason{{Kind: "performance", Message: "performance fell in 2 of 3 windows: roc_auc"}},
	}
	failed := retrain.Request{ID: "rt-1", Phase: retrain.Failed, At: day.AddDate(0, 0, -20), Ended: day.AddDate(0, 0, -19), Message: hostile, Run: "job-17", Error: hostile}
	ask(t, db, "hotel", retrain.State{Count: 2, Request: &request, Past: []retrain.Request{failed}})
	for _, step := range []struct {
		phase retrain.Phase
		fired bool
		want  string
		not   string
	}{
		{retrain.Proposed, false, "waits for approval", "to be sent"}, {retrain.Requested, false, "to be sent", "waits for approval"},
		{retrain.Requested, true, "sent", "to be sent"}, {retrain.Running, true, "running", "to be sent"},
	} {
		request.Phase, request.Fired = step.phase, step.fired
		ask(t, db, "hotel", retrain.State{Count: 2, Request: &request, Past: []retrain.Request{failed}})
		w := look(h, "/models/hotel", "If-None-Match", held.Header().Get("ETag"))
		body := w.Body.String()
		for _, want := range []string{`<span class="tag">` + step.want + "</span>", "performance fell in 2 of 3 windows", "22–28 Feb 2026", "5,120 labels", "rt-2", "failed", "job-17", `href="/models/hotel/reports/0000000000000001"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q (%d)", step.phase, want, w.Code)
			}
		}
		if strings.Contains(body, `<span class="tag">`+step.not+"</span>") || strings.Contains(body, "<script>alert") || strings.Contains(body, "\u202e") {
			t.Errorf("%s: %q is there, or what a training said is obeyed", step.phase, step.not)
		}
		if strings.Contains(body, "leeway retrain approve") != (step.phase == retrain.Proposed) {
			t.Errorf("%s: how to approve", step.phase)
		}
		held = w
	}
}

// TestManyRequests: a page stays short.
func TestManyRequests(t *testing.T) {
	db, _ := story(t, "hotel", 6, 3)
	var s retrain.State
	for i := range 30 {
		s.Past = append(s.Past, retrain.Request{ID: "rt", Phase: retrain.Succeeded, At: now.AddDate(0, 0, i-60), Ended: now.AddDate(0, 0, i-59)})
	}
	ask(t, db, "hotel", s)
	body := look(handler(db, now), "/models/hotel").Body.String()
	if n := strings.Count(body, `<span class="tag">succeeded</span>`); n != 8 || !strings.Contains(body, "22 earlier requests") {
		t.Errorf("%d requests are listed", n)
	}
}
