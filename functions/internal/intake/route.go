package intake

import (
	"context"
	"fmt"
	"strings"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
	"leeway/events"
)

// place tells which model an object belongs to, or why it is none of any.
func place(key string) (model, reason string) {
	if strings.HasSuffix(key, "/") {
		return "", "is a folder marker"
	}
	if state.CheckKey(key) != nil {
		return "", "has a key that is never read: an empty segment, . or .."
	}
	top, rest, below := strings.Cut(key, "/")
	switch top {
	case "state", "claims", "quarantine", "seen":
		return "", "is what Leeway wrote itself"
	case "logs", "labels", "reference", "config", "retrain":
	default:
		return "", "is not below logs/, labels/, reference/, config/ or retrain/"
	}
	model, name, inside := strings.Cut(rest, "/")
	if top == "config" {
		name, model = rest, strings.TrimSuffix(rest, ".yaml")
		inside = monitor.ConfigKey(model) == key && !strings.Contains(model, "/")
	}
	switch {
	case !below || !inside:
		return "", fmt.Sprintf("belongs to no model: %s/ holds a folder for each, and config/ a <model>.yaml", top)
	case state.CheckModel(model) != nil:
		return "", fmt.Sprintf("belongs to no model: %q cannot be a model's name", model)
	case !state.IsData(name):
		return "", "is hidden, temporary or the bookkeeping of another program"
	}
	return model, ""
}

// stater is what a store may offer besides: to describe an object without
// reading it.
type stater interface {
	Stat(ctx context.Context, key string) (state.Info, error)
}

// there tells whether an object is there, and describes it. Where that cannot be told,
// it is for the run to say why.
func there(ctx context.Context, store state.Store, key string) (info state.Info, is bool) {
	if able, ok := store.(stater); ok {
		info, err := able.Stat(ctx, key)
		info.Key = key
		return info, fault.KindOf(err) != fault.NotFound
	}
	object, err := store.Open(ctx, key)
	if err == nil {
		info = object.Info()
		_ = object.Close() // nothing was read
	}
	info.Key = key
	return info, fault.KindOf(err) != fault.NotFound
}

// delivery is an object that came.
type delivery struct {
	message, key, model string
	info                state.Info // zero where it cannot be described
}

// route finds the object of a notification: the first of its possible keys that
// is a model's and is there.
func (w *work) route(ctx context.Context, message string, r events.Received) (d delivery, reason string) {
	d.message = message
	if len(r.Keys) == 0 {
		return d, "has no key"
	}
	d.key = r.Keys[0]
	if r.Bucket != w.Bucket {
		return d, fmt.Sprintf("is in bucket %s, and LEEWAY_BUCKET is %s", r.Bucket, w.Bucket)
	}
	for _, key := range r.Keys {
		model, why := place(key)
		switch {
		case why != "":
			if reason == "" {
				reason = why
			}
		default:
			if info, is := there(ctx, w.data, key); is {
				return delivery{message, key, model, info}, ""
			}
			d.model, reason = model, "is not there: deleted since, or never whole"
		}
	}
	return d, reason
}
