package state

import (
	"context"
	"iter"
)

// Ahead gives what get makes of each of all, in their order, and calls it for
// [readers] of them at once: one after the other, a thousand calls over the network
// take most of a minute.
func Ahead[T, U any](ctx context.Context, all []T, get func(context.Context, T) (U, error)) iter.Seq2[U, error] {
	type got struct {
		value U
		err   error
	}
	return func(yield func(U, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		begun := 0
		coming := make(chan chan got, readers)
		begin := func() {
			one := make(chan got, 1)
			item := all[begun]
			begun++
			go func() {
				value, err := get(ctx, item)
				one <- got{value, err}
			}()
			coming <- one
		}
		for begun < min(len(all), readers) {
			begin()
		}
		for range all {
			one := <-<-coming
			if begun < len(all) {
				begin()
			}
			if !yield(one.value, one.err) {
				return
			}
		}
	}
}
