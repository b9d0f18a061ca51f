package monitor_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/report"
)

const everyReport = "sinks: [{kind: webhook, name: ops, " + hook + "}]\n"

func outcomes(r *report.Report) (all []string) {
	for _, s := range r.Sinks {
		state := "failed: " + s.Error
		if s.OK {
			state = "ok"
		}
		all = append(all, s.Name+" "+state)
	}
	return all
}

// TestSinks: each new report is sent once, in the order of windows; what came of it is
// in the report as it is read, and not in its bytes.
func TestSinks(t *testing.T) {
	w, plain := newWorld(t), newWorld(t)
	r := w.listen()
	badDays(w, everyReport, 3)
	badDays(plain, "", 3)
	w.run()
	plain.run()
	if got := r.took(); !slices.Equal(got, []string{"2026-03-10 ok", "2026-03-11 ok", "2026-03-12 alert"}) {
		t.Errorf("sent %q", got)
	}
	if got := outcomes(w.newest("2026-03-12")); !slices.Equal(got, []string{"ops ok"}) {
		t.Errorf("outcomes %q", got)
	}
	reports, without := w.bytes("state/m/reports/"), plain.bytes("state/m/reports/")
	if len(reports) == 0 || len(reports) != len(without) {
		t.Fatalf("%d reports with a sink, %d without", len(reports), len(without))
	}
	for key, data := range reports {
		if without[key] != data {
			t.Errorf("%s hangs on its sinks", key)
		}
	}
	w.wantIdle()
	if got := r.took(); got != nil {
		t.Errorf("sent again: %q", got)
	}
}

// TestFailingSink: what a sink did not take is sent by the next run, the newest report
// of each window; what it took is not sent again.
func TestFailingSink(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, everyReport, 1)
	w.run()
	r.took()
	r.err = errDown
	w.badDay(11)
	w.badDay(12)
	if _, err := w.monitor().Run(t.Context(), "m"); err == nil || !strings.Contains(err.Error(), "sink ops: the service is down") {
		t.Errorf("error %v", err)
	}
	if got := outcomes(w.newest("2026-03-11")); !slices.Equal(got, []string{"ops failed: sink ops: the service is down"}) {
		t.Errorf("outcomes %q", got)
	}
	if got := outcomes(w.newest("2026-03-12")); !slices.Equal(got, []string{"ops failed: not sent yet"}) {
		t.Errorf("outcomes of what was not tried: %q", got)
	}
	r.err = nil
	w.run()
	if got := r.took(); !slices.Equal(got, []string{"2026-03-11 ok", "2026-03-12 alert"}) {
		t.Errorf("sent %q", got)
	}
	w.wantIdle()
	r.err = fault.New(fault.Invalid, "no such model", "")
	w.badDay(13)
	if _, err := w.monitor().Run(t.Context(), "m"); err == nil {
		t.Error("no error though it was refused")
	}
	r.err = nil
	w.run()
	if got := r.took(); got != nil {
		t.Errorf("what was refused for good is sent again: %q", got)
	}
}

// slow is a sink that something else happens beside, while it takes its first report.
type slow struct {
	*receiver
	once sync.Once
	act  func()
}

func (s *slow) Write(ctx context.Context, one *report.Report) error {
	s.once.Do(s.act)
	return s.receiver.Write(ctx, one)
}

// TestNewerMeanwhile: a report that another process makes while this one sends the one
// before it is sent as well, and the outcome of neither is lost.
func TestNewerMeanwhile(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, everyReport, 3)
	m := w.monitor()
	to := &slow{receiver: r, act: func() {
		late, _ := predictions(98, 50, 9)
		w.put("logs/m/late.csv", strings.ReplaceAll(late, "2026-03-98", "2026-03-10"))
		r.err = errDown
		if _, err := w.monitor().Run(t.Context(), "m"); err == nil {
			t.Error("no error while the service is down")
		}
		r.err = nil
	}}
	m.Sinks = monitor.Sinks{"webhook": func(context.Context, *config.Sink) (monitor.Sink, error) { return to, nil }}
	if _, err := m.Run(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	first := r.took()
	w.run()
	if again := r.took(); len(first) != 3 || !slices.Contains(again, "2026-03-10 ok") {
		t.Errorf("sent %q, then %q", first, again)
	}
	if got := outcomes(w.newest("2026-03-10")); w.newest("2026-03-10").Current.Rows != 350 || !slices.Equal(got, []string{"ops ok"}) {
		t.Errorf("outcomes of the newer report %q", got)
	}
	w.wantIdle()
}

// TestSentByOne: of two processes that run a model at once one sends a report.
func TestSentByOne(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, everyReport, 3)
	m := w.monitor()
	to := &slow{receiver: r, act: func() { w.run() }}
	m.Sinks = monitor.Sinks{"webhook": func(context.Context, *config.Sink) (monitor.Sink, error) { return to, nil }}
	if _, err := m.Run(t.Context(), "m"); err != nil {
		t.Fatal(err)
	}
	got := r.took()
	if slices.Sort(got); !slices.Equal(got, []string{"2026-03-10 ok", "2026-03-11 ok", "2026-03-12 alert"}) {
		t.Errorf("sent %q", got)
	}
	w.wantIdle()
}

// TestNewSink: a sink that comes later gets what is made from then on.
func TestNewSink(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, "", 3)
	w.run()
	w.put("config/m.yaml", labelledModel+everyReport)
	w.run()
	if got := r.took(); got != nil {
		t.Errorf("sent of the past: %q", got)
	}
	w.badDay(13)
	w.run()
	if got := r.took(); !slices.Equal(got, []string{"2026-03-13 alert"}) {
		t.Errorf("sent %q", got)
	}
}

// TestMessages: who is told of alerts alone hears of each window once, and of the last
// ones only.
func TestMessages(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	badDays(w, "sinks: [{kind: webhook, on: alert, "+hook+"}]\n", 12) // alerts from the 12th to the 21st
	w.run()
	want := []string{"2026-03-15 alert", "2026-03-16 alert", "2026-03-17 alert", "2026-03-18 alert", "2026-03-19 alert", "2026-03-20 alert", "2026-03-21 alert"}
	if got := r.took(); !slices.Equal(got, want) {
		t.Errorf("sent %q", got)
	}
	late, _ := predictions(99, 50, 9)
	w.put("logs/m/late.csv", strings.ReplaceAll(late, "2026-03-99", "2026-03-21")) // another report of the last day, an alert as well
	w.run()
	if s := w.newest("2026-03-21"); s.Verdict != report.Alert || s.Supersedes == "" {
		t.Fatalf("the last day is %s", s.Verdict)
	}
	if got := r.took(); got != nil {
		t.Errorf("told again: %q", got)
	}
	w.wantIdle()
}

// TestStandingSinks: a program may have sinks for models that name none; a kind that it
// does not have is said.
func TestStandingSinks(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	equip := w.equip
	w.equip = func(m *monitor.Monitor) {
		equip(m)
		m.Standing = []config.Sink{config.StandingSink("webhook")}
	}
	badDays(w, "", 1)
	w.run()
	if got := r.took(); len(got) != 1 {
		t.Errorf("sent %q", got)
	}
	w.put("config/m.yaml", labelledModel+"sinks: [{kind: cloudwatch}]\n")
	w.badDay(11)
	if _, err := w.monitor().Run(t.Context(), "m"); err == nil || !strings.Contains(err.Error(), "this program has no sink of kind cloudwatch") {
		t.Errorf("error %v", err)
	}
}

// TestServiceThatIsDown: a process that looks every second does not ask as often; what
// is wrong stays said meanwhile.
func TestServiceThatIsDown(t *testing.T) {
	w := newWorld(t)
	r := w.listen()
	r.err = errDown
	badDays(w, everyReport, 1)
	tries := 0
	m := w.monitor()
	m.Sinks = monitor.Sinks{"webhook": func(context.Context, *config.Sink) (monitor.Sink, error) {
		tries++
		return r, nil
	}}
	for range 60 {
		if _, err := m.Run(t.Context(), "m"); err == nil {
			t.Fatal("no error while the service is down")
		}
		w.clock.advance(time.Second)
	}
	if tries < 5 || tries > 8 {
		t.Errorf("%d tries in a minute", tries)
	}
	r.err = nil
	w.clock.advance(time.Hour)
	if _, err := m.Run(t.Context(), "m"); err != nil {
		t.Error(err)
	}
}
