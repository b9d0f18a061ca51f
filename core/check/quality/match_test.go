package quality

import (
	"strings"
	"testing"

	"leeway/core/check"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestTell: without scores one new word is taken for the one class that is gone, unless these
// are numbers of which all may have other meanings.
func TestTell(t *testing.T) {
	for name, one := range map[string]struct {
		task             schema.Task
		known, gone, now string
		said, hint       string
	}{
		"another word":           {schema.Binary, "no yes", "no", "nope", " Most likely nope is no: no other class is gone.", `say so in the configuration: labels: {map: {"nope": "no"}}.`},
		"another number":         {schema.Binary, "0 1", "0", "-1", " Most likely -1 is 0: no other class is gone.", `{"-1": "0"}`},
		"capitals":               {schema.Binary, "a b", "a b", "A B", " Most likely A is a, B is b: only capitals differ.", `{"A": "a", "B": "b"}`},
		"codes from 1 on":        {schema.Binary, "0 1", "0", "2", "", `{"2": ...}}, if 1 means what it did. If not, no map can say it`},
		"codes from 0 on":        {schema.Binary, "1 2", "2", "0", "", `if 1 means what it did`},
		"two words":              {schema.Binary, "0 1", "0 1", "a b", "", `labels: {map: {"a": ..., "b": ...}}.`},
		"of three, from 1 on":    {schema.Multiclass, "0 1 2", "0", "3", "", `{"3": ...}}, if each of 1 and 2 means what it did`},
		"of three, another word": {schema.Multiclass, "a b c", "a", "d", " Most likely d is a: no other class is gone.", `{"d": "a"}`},
		"of three, another last": {schema.Multiclass, "0 1 2", "2", "9", " Most likely 9 is 2: no other class is gone.", `{"9": "2"}`},
	} {
		r := &outcome.Respelt{Known: strings.Fields(one.known), Gone: strings.Fields(one.gone)}
		names := strings.Fields(one.now)
		for _, name := range names {
			r.Classes = append(r.Classes, outcome.ClassCount{Name: name})
		}
		said, hint := tell(r, &check.Input{Schema: &schema.Schema{Task: one.task}, Labelled: &check.Labelled{}}, names)
		if said != one.said || !strings.Contains(hint, one.hint) {
			t.Errorf("%s: %q %q", name, said, hint)
		}
	}
}
