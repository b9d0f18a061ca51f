package monitor

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"leeway/core/state"
	"leeway/core/vary"
)

// versionOf names a baseline by its profile and by what is known of its windows
// and seasons: one that is made anew for windows of another length is another one.
func versionOf(data []byte, b *state.Baseline, slots []vary.Slot) (string, error) {
	sum := sha256.New()
	sum.Write(data)
	if len(b.Variation)+len(b.Seasons)+len(b.Pieces)+len(b.WindowRows) == 0 && b.Cover == nil {
		return hex.EncodeToString(sum.Sum(nil))[:12], nil
	}
	windows, err := json.Marshal(b.Variation)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(sum, "\x00%s\x00%s", b.Every, windows)
	for _, part := range []struct {
		known bool
		what  any
	}{{len(b.Seasons) > 0, b.Seasons}, {b.Cover != nil, b.Cover}, {len(b.Pieces) > 0, b.Pieces}, {b.Runs != nil, b.Runs}} {
		if !part.known {
			continue
		}
		data, err := json.Marshal(part.what)
		if err != nil {
			return "", err
		}
		sum.Write(data)
	}
	if len(b.WindowRows) > 0 {
		fmt.Fprintf(sum, "\x00%d", b.WindowRows)
	}
	if b.Sizes && far(b) {
		sum.Write([]byte("\x00sizes"))
	}
	for _, one := range slots {
		sum.Write(one.Data)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], nil
}
