package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// replay is a backtest of n days, of which every third would be an alert more.
func replay(n int) *Backtest {
	b := &Backtest{Version: Version, Model: "shop|`x`", FalseAlarms: 0.01, Notes: []string{"a note with a <b>tag</b>"}}
	for i := range n {
		r := Replayed{Window: Window{Start: fmt.Sprintf("2026-03-%02dT00:00:00Z", 1+i%28), End: fmt.Sprintf("2026-03-%02dT00:00:00Z", 2+i%28)}, Rows: 1234, Was: OK, WouldBe: OK}
		if i%3 == 0 {
			r.Was, r.WouldBe, r.New = "", Alert, []string{"drift.psi.a|b@c"}
			b.New++
		}
		b.Windows = append(b.Windows, r)
	}
	b.WouldBe = Alarms{Windows: n, Alerts: b.New, Rate: float64(b.New) / float64(n), Interval: [2]float64{0.1, 0.5}}
	return b
}

func TestBacktestMarkdown(t *testing.T) {
	var out bytes.Buffer
	if err := BacktestMarkdown(&out, replay(3)); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{
		"## Backtest: shop\\|\\`x\\`\n",
		"3 windows: 1 window would have ended in alert (33%, 95% interval 10% to 50%)",
		"a note with a \\<b\\>tag\\</b\\>",
		"| Window | Rows | Was | Would be | What changes |\n| --- | ---: | --- | --- | --- |\n",
		"| 1,234 | no report | ❌ Alert | +drift.psi.a\\|b@\u2060c |\n",
		"| 1,234 | ✅ OK | ✅ OK |  |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	out.Reset()
	if err := BacktestMarkdown(&out, replay(5000)); err != nil || out.Len() > 65_536 || !strings.Contains(out.String(), " more windows\n") {
		t.Errorf("%d bytes do not fit a comment: %v", out.Len(), err)
	}
}
