package boot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/state"
)

// overlay is a bucket in which a configuration lies that the environment gave.
type overlay struct {
	state.Store
	config string
}

// configured puts the configuration of the environment where the pipeline looks
// for it.
func configured(data state.Store, config string) state.Store {
	if config == "" {
		return data
	}
	laid := &overlay{data, config}
	if able, ok := data.(state.Folders); ok {
		return &folders{laid, able}
	}
	return laid
}

// folders is an overlay over a store that knows folders.
type folders struct {
	*overlay
	able state.Folders
}

// Folders names the folders of the bucket.
func (f *folders) Folders(ctx context.Context, prefix string) ([]string, error) {
	return f.able.Folders(ctx, prefix)
}

// Open gives, of a model's configuration, the one that counts.
func (o *overlay) Open(ctx context.Context, key string) (state.Object, error) {
	model, ok := strings.CutPrefix(key, "config/")
	model, isConfig := strings.CutSuffix(model, ".yaml")
	if !ok || !isConfig || key == o.config {
		return o.Store.Open(ctx, key)
	}
	text, err := o.text(ctx)
	if err != nil {
		return nil, err
	}
	parsed, err := monitor.Names().Parse(text, "LEEWAY_CONFIG")
	switch {
	case err != nil:
		return nil, err
	case parsed.Model == model:
		return inMemory(key, text), nil
	}
	own, err := o.Store.Open(ctx, key)
	if fault.KindOf(err) == fault.NotFound && parsed.Model == "" {
		return inMemory(key, text), nil
	}
	return own, err
}

// text is the configuration itself.
func (o *overlay) text(ctx context.Context) ([]byte, error) {
	if isInline(o.config) {
		return []byte(o.config), nil
	}
	object, err := o.Store.Open(ctx, o.config)
	if fault.KindOf(err) == fault.NotFound {
		return nil, wrong("LEEWAY_CONFIG", "the bucket has no "+o.config, "put the configuration there, or correct the key")
	}
	if err != nil {
		return nil, err
	}
	defer object.Close()
	return io.ReadAll(io.NewSectionReader(object, 0, object.Info().Size))
}

type memory struct {
	*bytes.Reader
	info state.Info
}

func inMemory(key string, text []byte) memory {
	sum := sha256.Sum256(text)
	return memory{bytes.NewReader(text), state.Info{Key: key, Size: int64(len(text)), ETag: hex.EncodeToString(sum[:16])}}
}

func (m memory) Info() state.Info { return m.info }
func (memory) Close() error       { return nil }
