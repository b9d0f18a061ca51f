package boot

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"leeway/core/fault"
	"leeway/core/state"
	"leeway/infra/local/memstore"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestSettings(t *testing.T) {
	s, err := FromEnvironment(environment("LEEWAY_BUCKET", "b"))
	if err != nil || s.Bucket != "b" || s.StateBucket != "b" || s.Level != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	for _, c := range []struct{ name, value, want string }{
		{"LEEWAY_BUCKET", "", "LEEWAY_BUCKET: is not set: set it"},
		{"LEEWAY_BUCKET", "s3://b", `LEEWAY_BUCKET: "s3://b" is no bucket's name: write the name alone`},
		{"LEEWAY_STATE_BUCKET", "b/state", "LEEWAY_STATE_BUCKET: "},
		{"LEEWAY_LOG_LEVEL", "loud", `LEEWAY_LOG_LEVEL: "loud" is no level: use debug`},
		{"LEEWAY_CONFIG", "model: m\nwindw: {every: day}", "LEEWAY_CONFIG:2:"},
		{"LEEWAY_CONFIG", "monitor.txt", "LEEWAY_CONFIG: "},
	} {
		pairs := []string{c.name, c.value, "LEEWAY_BUCKET", "b"}
		_, err := FromEnvironment(environment(pairs...))
		if fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s=%q: %v", c.name, c.value, err)
		}
	}
}

func TestOpen(t *testing.T) {
	log := Log(io.Discard, os.Getenv)
	stores := map[string]state.Store{"data": memstore.New(), "kept": memstore.New()}
	open := func(_ context.Context, bucket string) (state.Store, error) {
		if stores[bucket] == nil {
			return nil, fault.New(fault.Denied, "no such bucket", "make it")
		}
		return stores[bucket], nil
	}
	app, err := Open(t.Context(), environment("LEEWAY_BUCKET", "data", "LEEWAY_STATE_BUCKET", "kept"), Adapters{Store: open}, log)
	if err != nil || app.Monitor.Data != stores["data"] || app.State != stores["kept"] {
		t.Errorf("%+v, %v", app, err)
	}
	again, err := Open(t.Context(), environment("LEEWAY_BUCKET", "data"), Adapters{Store: open}, log)
	if err != nil || app.Monitor.DB.Holder == "" || again.Monitor.DB.Holder == app.Monitor.DB.Holder {
		t.Errorf("two processes claim under one name: %v", err)
	}
	if _, err := Open(t.Context(), environment("LEEWAY_BUCKET", "data", "LEEWAY_STATE_BUCKET", "none"), Adapters{Store: open}, log); err == nil || !strings.HasPrefix(err.Error(), "LEEWAY_STATE_BUCKET: ") {
		t.Errorf("got %v", err)
	}
}

func TestSecret(t *testing.T) {
	adapters := Adapters{Store: func(context.Context, string) (state.Store, error) { return memstore.New(), nil }}
	getenv := environment("LEEWAY_BUCKET", "b", "LEEWAY_ID_KEY_SECRET_ARN", "arn:x")
	if _, err := Open(t.Context(), getenv, adapters, Log(io.Discard, getenv)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("where there are no secrets: %v", err)
	}
	adapters.Secret = func(_ context.Context, name string) ([]byte, error) {
		if name != "arn:x" {
			return nil, errors.ErrUnsupported
		}
		return []byte("key"), nil
	}
	app, err := Open(t.Context(), getenv, adapters, Log(io.Discard, getenv))
	if err != nil || string(app.Monitor.IDKey) != "key" {
		t.Errorf("%v", err)
	}
	both := environment("LEEWAY_BUCKET", "b", "LEEWAY_ID_KEY_SECRET_ARN", "arn:x", "LEEWAY_ID_KEY", "y")
	if _, err := Open(t.Context(), both, adapters, Log(io.Discard, getenv)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("with two keys: %v", err)
	}
}

// foldered is a store that offers more than it must.
type foldered struct{ *memstore.Store }

func (foldered) Folders(context.Context, string) ([]string, error) { return nil, errors.ErrUnsupported }

func TestConfiguration(t *testing.T) {
	const own, mine, named = "model: a\n", "window: {every: hour}\n", "model: a\nwindow: {every: week}\n"
	for _, c := range []struct{ name, config, a, b string }{
		{"none", "", own, "not_found"},
		{"for all without one", mine, own, mine},
		{"for one model", named, named, "not_found"},
		{"by key, for one model", "settings/x.yaml", named, "not_found"},
		{"by the key of a model's own", "config/a.yaml", own, "not_found"},
		{"by a key that is not there", "settings/none.yaml", "invalid", "invalid"},
	} {
		bucket := memstore.New()
		for key, text := range map[string]string{"config/a.yaml": own, "settings/x.yaml": named, "logs/a/x.csv": "x"} {
			if _, err := bucket.Put(t.Context(), key, strings.NewReader(text), nil); err != nil {
				t.Fatal(err)
			}
		}
		store := configured(foldered{bucket}, c.config)
		if _, ok := store.(state.Folders); !ok {
			t.Errorf("%s: what the store offers is lost", c.name)
		}
		for key, want := range map[string]string{"config/a.yaml": c.a, "config/b.yaml": c.b, "logs/a/x.csv": "x"} {
			got := ""
			object, err := store.Open(t.Context(), key)
			if err != nil {
				got = string(fault.KindOf(err))
			} else {
				var data bytes.Buffer
				if _, err := io.Copy(&data, io.NewSectionReader(object, 0, object.Info().Size)); err != nil || object.Info().Key != key {
					t.Errorf("%s: %+v, %v", c.name, object.Info(), err)
				}
				got = data.String()
			}
			if got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, key, got, want)
			}
		}
	}
}
