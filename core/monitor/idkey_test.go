package monitor_test

import (
	"context"
	"strings"
	"testing"

	"leeway/core/ledger"
	"leeway/core/outcome"
	"leeway/core/schema"
)

// TestIDKey: with a key no id and no hash that covers one is in the state without it,
// and windows are judged as without.
func TestIDKey(t *testing.T) {
	contract := &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction}}}
	objects := labelledWorld()
	verdicts := map[string]string{}
	seen := map[uint64]string{}
	for _, key := range []string{"", "one", "another"} {
		w := newWorld(t)
		w.put("config/m.yaml", labelledModel)
		for _, name := range keys(objects) {
			w.put(name, objects[name])
		}
		m := w.monitor()
		m.IDKey = []byte(key)
		if _, err := m.Run(context.Background(), "m"); err != nil {
			t.Fatal(err)
		}
		for day, told := range w.performances() {
			if key != "" && told != verdicts[day] {
				t.Errorf("key %q, day %s: %s, not %s", key, day, told, verdicts[day])
			}
			verdicts[day] = told
		}
		rows := 0
		for name, data := range w.bytes("state/") {
			if key != "" && (strings.Contains(data, "o10-1") || strings.Contains(data, "o1-1")) {
				t.Errorf("key %q: %s has ids", key, name)
			}
			if !strings.HasPrefix(name, "state/m/ledger/") && !strings.HasSuffix(name, ".ledger") {
				continue
			}
			l, err := ledger.Decode([]byte(data), outcome.NewShape(contract, outcome.Exact))
			if err != nil {
				t.Fatal(err)
			}
			if l.Cases.Len() == 0 {
				t.Fatalf("%s: no sample of rows", name)
			}
			for row := range l.Cases.All() {
				rows++
				if other, known := seen[row.Hash]; known && other != key {
					t.Fatalf("%s: a row has the same hash with key %q and %q", name, key, other)
				}
				seen[row.Hash] = key
			}
		}
		if rows != 1500 {
			t.Errorf("%d rows in samples", rows)
		}
	}
}
