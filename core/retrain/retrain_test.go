package retrain_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"leeway/core/report"
	"leeway/core/retrain"
)

const day = 24 * time.Hour

var begin = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

func policy(change func(*retrain.Policy)) *retrain.Policy {
	p := &retrain.Policy{Confirm: 2, Of: 3, Impact: 0.03, CoolDown: day, Budget: 3, MinLabels: 500, Timeout: 7 * day}
	if change != nil {
		change(p)
	}
	return p
}

// kinds of windows, one letter each: what a table of windows is written in.
func window(n int, kind byte) retrain.Window {
	w := retrain.Window{
		Start: begin.Add(time.Duration(n) * day), End: begin.Add(time.Duration(n+1) * day), Report: fmt.Sprintf("r%d%c", n, kind),
		Baseline: "b1", Judged: true, Labelled: 400, Told: true,
	}
	small, large := 0.01, 0.05
	switch kind {
	case 'p':
		w.Fell, w.Changed = []string{"roc_auc"}, true
	case 'c':
		w.Concept, w.Changed = true, true
	case 'd':
		w.Drifted, w.Impact, w.Changed, w.Told, w.Labelled = []string{"age"}, &large, true, false, 0
	case 's':
		w.Drifted, w.Impact, w.Changed = []string{"age"}, &small, true
	case 'n':
		w.Drifted, w.Changed = []string{"age"}, true
	case 'q':
		w.Broken, w.Changed = []string{"missing_ratio of age"}, true
	case 'b':
		w.Broken, w.Fell, w.Changed = []string{"missing_ratio of age"}, []string{"roc_auc"}, true
	case 'm':
		w.Restated, w.Fell, w.Changed = true, []string{"roc_auc"}, true
	case 'w':
		w.Changed = true
	case 'u':
		w.Told, w.Labelled = false, 0
	case 'x':
		w.Judged, w.Told = false, false
	case 'B':
		w.Baseline, w.Fell, w.Changed = "b0", []string{"roc_auc"}, true
	}
	return w
}

func windows(kinds string) (all []retrain.Window) {
	for i := range len(kinds) {
		all = append(all, window(i, kinds[i]))
	}
	return all
}

// step makes one step with such windows.
func step(p *retrain.Policy, s retrain.State, kinds string, answers ...retrain.Answer) (retrain.State, *report.Retrain) {
	in := &retrain.Input{Model: "m", Windows: windows(kinds), Answers: answers}
	if n := len(in.Windows); n > 0 {
		in.Now = in.Windows[n-1].End.Add(-time.Second)
	}
	return retrain.Step(p, s, in)
}

// TestReasons: which windows are a reason, and which are none.
func TestReasons(t *testing.T) {
	for _, test := range []struct {
		name, windows string
		policy        func(*retrain.Policy)
		decision      string
		reasons, held string // kinds
		says          string
	}{
		{"nothing", "....", nil, "none", "", "", "Nothing was found"},
		{"performance fell twice", "..pp", nil, "requested", "performance", "", "performance fell in 2 windows: roc_auc"},
		{"once is not enough", "...p", nil, "none", "", "", "not confirmed: it takes 2 of the last 3"},
		{"two of three", "..p.p", nil, "requested", "performance", "", ""},
		{"two of four", ".p..p", nil, "none", "", "", "not confirmed"},
		{"it is over", "..pp.", nil, "none", "", "", "not confirmed"},
		{"once is enough if so configured", "..p", func(p *retrain.Policy) { p.Confirm = 1 }, "requested", "performance", "", ""},
		{"later windows without labels", "..ppuu", nil, "requested", "performance", "", ""},
		{"a window that is not over", "..ppx", nil, "requested", "performance", "", ""},
		{"concept", "..cc", nil, "requested", "concept", "", "other outcomes"},
		{"drift that costs", "..dd", nil, "requested", "data", "", "worse by 5% of what it was: age"},
		{"drift that costs little", "..ss", nil, "none", "", "", "not estimated to be worse by 3%"},
		{"drift of unknown cost", "..nn", nil, "none", "", "", "not estimated to be worse"},
		{"another baseline says nothing", "..BBB.", nil, "none", "", "", "Nothing was found"},
		{"broken data", "..bb", nil, "held", "performance", "quality", "mend them first"},
		{"broken, then not", "..ppqpp", nil, "held", "performance", "quality", ""},
		{"another model", "..mm", nil, "held", "performance", "model", "the same rows get other scores than in the reference (2026-10-03, 2026-10-04)"},
		{"another model, then not", "..mpp", nil, "held", "performance", "model", "no"},
		{"another model three windows ago", "..mppp", nil, "requested", "performance", "", ""},
		{"broken three windows ago", "..ppqppp", nil, "requested", "performance", "", ""},
		{"too few labels", "pp", func(p *retrain.Policy) { p.MinLabels = 1000 }, "held", "performance", "labels", "800 labels came since the last training, of 1000"},
		{"labels are not needed", "uudd", func(p *retrain.Policy) { p.MinLabels = 0 }, "requested", "data", "", ""},
		{"no budget", "..pp", func(p *retrain.Policy) { p.Budget = 0 }, "held", "performance", "budget", "0 of 0 requests"},
		{"to be approved", "..pp", func(p *retrain.Policy) { p.Approval = true }, "proposed", "performance", "", "waits for approval"},
		{"schedule", "......w", func(p *retrain.Policy) { p.Every = 6 * day }, "requested", "schedule", "", "6 days ago"},
		{"schedule is not due", ".....w", func(p *retrain.Policy) { p.Every = 6 * day }, "none", "", "", ""},
		{"schedule and nothing changed", ".........", func(p *retrain.Policy) { p.Every = 6 * day }, "none", "", "", "nothing changed since"},
		{"schedule and broken data", ".........q", func(p *retrain.Policy) { p.Every = 6 * day }, "held", "schedule", "quality", ""},
	} {
		_, d := step(policy(test.policy), retrain.State{}, test.windows)
		var reasons, held []string
		for _, r := range d.Reasons {
			reasons = append(reasons, r.Kind)
		}
		for _, h := range d.Held {
			held = append(held, h.By)
		}
		if d.Decision != test.decision || strings.Join(reasons, ",") != test.reasons || strings.Join(held, ",") != test.held || !strings.Contains(d.Message, test.says) {
			t.Errorf("%s (%s): %s, reasons %v, held %v: %s", test.name, test.windows, d.Decision, reasons, held, d.Message)
		}
	}
	if _, d := step(policy(nil), retrain.State{}, ""); d != nil {
		t.Errorf("without a window: %+v", d)
	}
}

// TestLife: what answers and time do to a request.
func TestLife(t *testing.T) {
	auto, manual := policy(nil), policy(func(p *retrain.Policy) { p.Approval = true })
	type move struct {
		windows string
		answers []retrain.Phase
	}
	for _, test := range []struct {
		name   string
		policy *retrain.Policy
		moves  []move
		phase  retrain.Phase // of the request that is under way, "" for none
		past   string        // phases
	}{
		{"requested", auto, []move{{"..pp", nil}}, retrain.Requested, ""},
		{"running", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Running}}}, retrain.Running, ""},
		{"succeeded", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Succeeded}}}, "", "succeeded"},
		{"answers in any order", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Succeeded, retrain.Running}}}, "", "succeeded"},
		{"running, then rejected", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Running}}, {"..pp", []retrain.Phase{retrain.Running, retrain.Rejected}}}, "", "rejected"},
		{"running does not go back", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Running}}, {"..pp", []retrain.Phase{retrain.Requested, retrain.Declined}}}, retrain.Running, ""},
		{"lost", auto, []move{{"..pp", nil}, {"..ppppppppp", nil}}, "", "lost"},
		{"lost, and asked for again", auto, []move{{"..pp", nil}, {"..ppppppppp", nil}, {"..pppppppppp", nil}}, retrain.Requested, "lost"},
		{"proposed", manual, []move{{"..pp", nil}}, retrain.Proposed, ""},
		{"approved", manual, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Requested}}}, retrain.Requested, ""},
		{"declined", manual, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Declined}}}, "", "declined"},
		{"running needs approval", manual, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Running}}}, retrain.Proposed, ""},
		{"trained by hand", manual, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Succeeded}}}, "", "succeeded"},
		{"expired", manual, []move{{"..pp", nil}, {"..pp.......", nil}}, "", "expired"},
		{"success takes the reason away", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Succeeded}}, {"..pp..", []retrain.Phase{retrain.Succeeded}}}, "", "succeeded"},
		{"failure does not", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Failed}}, {"..ppp", []retrain.Phase{retrain.Failed}}}, retrain.Requested, "failed"},
		{"cool-down", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Failed}}, {"..pp", []retrain.Phase{retrain.Failed}}}, "", "failed"},
		{"a longer one after a rejection", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Rejected}}, {"..pppp", nil}}, "", "rejected"},
		{"two in vain", auto, []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Failed}}, {"..ppp", nil}, {"..ppp", []retrain.Phase{retrain.Failed}}, {"..ppppp", nil}}, retrain.Proposed, "failed failed"},
		{"budget", policy(func(p *retrain.Policy) { p.Budget = 1 }), []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Failed}}, {"..pppp", nil}}, "", "failed"},
		{"a month later", policy(func(p *retrain.Policy) { p.Budget = 1 }), []move{{"..pp", nil}, {"..pp", []retrain.Phase{retrain.Failed}}, {"..pp" + strings.Repeat("p", 30), nil}}, retrain.Requested, "failed"},
	} {
		var s retrain.State
		ids := map[string]bool{}
		for _, m := range test.moves {
			var answers []retrain.Answer
			if s.Request != nil {
				ids[s.Request.ID] = true
				for _, outcome := range m.answers {
					answers = append(answers, retrain.Answer{Request: s.Request.ID, Outcome: outcome})
				}
			}
			s, _ = step(test.policy, s, m.windows, answers...)
		}
		phase := retrain.Phase("")
		if s.Request != nil {
			phase = s.Request.Phase
		}
		var past []string
		for _, r := range s.Past {
			past = append(past, string(r.Phase))
		}
		if phase != test.phase || strings.Join(past, " ") != test.past {
			t.Errorf("%s: %q after %v, want %q after %q", test.name, phase, past, test.phase, test.past)
		}
	}
}

// TestOldBaseline: drift from a baseline that a training has outdated is no reason for
// another one; a fall is.
func TestOldBaseline(t *testing.T) {
	s, _ := step(policy(nil), retrain.State{}, "....cc")
	s, _ = step(policy(nil), s, "....cc", retrain.Answer{Request: s.Request.ID, Outcome: retrain.Succeeded})
	if _, d := step(policy(nil), s, "....cccccc"); d.Decision != "held" || d.Held[0].By != "baseline" {
		t.Errorf("concept drift: %+v", d)
	}
	if _, d := step(policy(nil), s, "....ccpppp"); d.Decision != "requested" {
		t.Errorf("a fall: %+v", d)
	}
}

// TestSameAgain: a step that is repeated changes nothing, and says of its own request
// what it said.
func TestSameAgain(t *testing.T) {
	s, first := step(policy(nil), retrain.State{}, "..pp")
	again, second := step(policy(nil), s, "..pp")
	if !reflect.DeepEqual(s, again) || !reflect.DeepEqual(first, second) {
		t.Errorf("%+v, then %+v; %+v, then %+v", s, again, first, second)
	}
	if _, later := step(policy(nil), s, "..ppp"); later.Decision != "waiting" || later.Request != s.Request.ID {
		t.Errorf("the window after it: %+v", later)
	}
	if other, _ := step(policy(nil), retrain.State{}, "..pp"); other.Request.ID != s.Request.ID {
		t.Error("the same request has another name")
	}
}

// TestNeverTooMany: whatever the order and repetition of steps and answers, there are
// never two requests at once, never more than the budget in 30 days, and none within
// the cool-down.
func TestNeverTooMany(t *testing.T) {
	const kinds = "..ppppccddwqsbnux"
	total := 0
	for seed := range uint64(120) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := policy(func(p *retrain.Policy) {
			p.Budget, p.CoolDown, p.Confirm = random.IntN(4), time.Duration(random.IntN(6))*day, 1+random.IntN(2)
			p.MinLabels, p.Timeout, p.Approval = 0, time.Duration(1+random.IntN(9))*day, random.IntN(3) == 0
			p.Every = time.Duration(random.IntN(2)*5) * day
		})
		all := make([]byte, 60)
		for i := range all {
			all[i] = kinds[random.IntN(len(kinds))]
		}
		total += watch(t, random, p, string(all))
	}
	if total < 120 {
		t.Errorf("only %d requests in 120 runs: it tests little", total)
	}
}

// watch makes steps in a random order and holds each request against the rails.
func watch(t *testing.T, random *rand.Rand, p *retrain.Policy, kinds string) int {
	t.Helper()
	var s retrain.State
	var asked []time.Time
	var answers []retrain.Answer
	seen, ended := map[string]bool{}, map[string]time.Time{}
	var lastEnd time.Time
	for n := 1; n <= len(kinds); {
		before := s
		s, _ = step(p, s, kinds[:n], answers...)
		if s.Clock.Before(before.Clock) {
			t.Fatal("time went back")
		}
		for _, r := range s.Past {
			if _, known := ended[r.ID]; !known {
				ended[r.ID], lastEnd = r.Ended, r.Ended
			}
		}
		if r := s.Request; r != nil {
			if _, over := ended[r.ID]; over {
				t.Fatalf("%s is under way and over", r.ID)
			}
			if r.Phase != retrain.Proposed && !seen[r.ID] {
				seen[r.ID] = true
				asked = append(asked, r.At)
				spent := 0
				for _, at := range asked {
					if r.At.Sub(at) < 30*day {
						spent++
					}
				}
				if spent > p.Budget {
					t.Fatalf("%d requests in 30 days, of %d", spent, p.Budget)
				}
				if !lastEnd.IsZero() && r.At.Sub(lastEnd) < p.CoolDown {
					t.Fatalf("asked at %s, within %s after %s", r.At, p.CoolDown, lastEnd)
				}
			}
			if random.IntN(3) == 0 {
				outcomes := []retrain.Phase{retrain.Requested, retrain.Running, retrain.Succeeded, retrain.Rejected, retrain.Failed, retrain.Declined}
				answers = append(answers, retrain.Answer{Request: r.ID, Outcome: outcomes[random.IntN(len(outcomes))]})
				random.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
			}
		}
		switch random.IntN(5) {
		case 0: // once more
		case 1:
			n = max(1, n-random.IntN(4)) // a run that saw less
		default:
			n += 1 + random.IntN(2)
		}
	}
	return len(asked)
}
