// Command calibrate proves the false-alarm budget and measures power: it
// simulates windows in which nothing changed, for twelve shapes of data, and
// windows with eight drifts, through the real checks and the real policy, and
// writes docs/calibration.md and its pictures.
//
// It is deterministic. What was simulated is kept beside the page
// (docs/calibration.json) and not simulated again, so it goes on where it was
// stopped. When the statistics change, -again says what they concern: all of
// "still", "series" or "power", or what begins with a text, such as
// "autocorrelated 840". The tests beside it run a smaller version.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

func main() {
	docs := flag.String("docs", "docs", "folder of the documentation to write")
	again := flag.String("again", "", "what to simulate again, with commas: still, series, power, or how it begins (\"seasonal 840\")")
	flag.Parse()
	if err := run(*docs, *again); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run(docs, again string) error {
	all, err := load(filepath.Join(docs, "calibration.json"))
	if err != nil {
		return err
	}
	if again != "" {
		if err := all.stale(strings.Split(again, ",")); err != nil {
			return err
		}
	}
	if err := all.simulate(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(docs, "images"), 0o755); err != nil {
		return err
	}
	for _, sides := range powerSizes {
		name := filepath.Join(docs, "images", picture(sides))
		if err := os.WriteFile(name, []byte(curves(all.inOrder(), sides[0], sides[1])), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(docs, "calibration.md"), document(all), 0o644)
}

// results are all simulations by what was simulated.
type results struct {
	file  string
	mu    sync.Mutex
	left  int
	again map[string]bool // keys of what is to be simulated though it is known
	Rates map[string]rate
	Found map[string]found
}

// stale marks what is to be simulated again: of these kinds, or whose keys begin so.
func (all *results) stale(names []string) error {
	all.again = map[string]bool{}
	for _, name := range names {
		marked := len(all.again)
		mark := func(kind, key string) {
			if name == kind || strings.HasPrefix(key, name) {
				all.again[key] = true
			}
		}
		for _, one := range stills() {
			mark(one.kind(), one.key())
		}
		for _, one := range powers() {
			mark("power", one.key())
		}
		if len(all.again) == marked {
			return fmt.Errorf("-again %q: nothing is called so; keys are in calibration.json", name)
		}
	}
	return nil
}

func load(file string) (*results, error) {
	all := &results{file: file, Rates: map[string]rate{}, Found: map[string]found{}}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return all, nil
}

// add takes in what a simulation gave, unless it failed, and keeps it.
func (all *results) add(err error, take func()) error {
	if err != nil {
		return err
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	take()
	all.left--
	fmt.Fprintf(os.Stderr, "\r%d simulations to go  ", all.left)
	return all.save()
}

func (all *results) save() error {
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(all.file, append(data, '\n'), 0o644)
}
