package state

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"leeway/core/fault"
)

// Bundle is what many profiles of a window amount to, merged, so that not each of them
// is read whenever one more comes. It is a cache, below seen/: without it the profiles
// themselves are read, with the same outcome.
type Bundle struct {
	Of      []string // names of the profiles, ascending
	Profile []byte   // all of them, merged

	key string
}

// bundlesPrefix is where the bundles of a window lie. No model's name begins with a dot.
func bundlesPrefix(model string, window Window) string {
	return "seen/.bundles/" + model + "/" + window.Key() + "/"
}

// Bundles reads the bundles of a window. What cannot be understood is left out.
func (db *DB) Bundles(ctx context.Context, model string, window Window) ([]Bundle, error) {
	var infos []Info
	for info, err := range db.state.List(ctx, bundlesPrefix(model, window)) {
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	var all []Bundle
	for data, err := range Ahead(ctx, infos, func(ctx context.Context, info Info) ([]byte, error) {
		data, _, err := whole(ctx, db.state, info.Key)
		return data, err
	}) {
		info := infos[0]
		infos = infos[1:]
		switch fault.KindOf(err) {
		case "":
		case fault.NotFound: // merged with others since
			continue
		default:
			return nil, err
		}
		head, rest, found := bytes.Cut(data, []byte("\n"))
		bundle := Bundle{Profile: rest, key: info.Key}
		if found && json.Unmarshal(head, &bundle.Of) == nil && info.Key == bundleKey(model, window, bundle.Of) {
			all = append(all, bundle)
		}
	}
	return all, nil
}

func bundleKey(model string, window Window, of []string) string {
	return bundlesPrefix(model, window) + Short(strings.Join(of, "\n"))
}

// PutBundle keeps a bundle.
func (db *DB) PutBundle(ctx context.Context, model string, window Window, bundle *Bundle) error {
	head, err := encode(bundle.Of)
	if err != nil {
		return err
	}
	key := bundleKey(model, window, bundle.Of)
	_, err = db.state.Put(ctx, key, bytes.NewReader(append(head, bundle.Profile...)), &PutOptions{Fleeting: true})
	return err
}

// DropBundle deletes a bundle that [DB.Bundles] gave.
func (db *DB) DropBundle(ctx context.Context, bundle *Bundle) error {
	return db.state.Delete(ctx, bundle.key)
}
