// Command calibrate proves the false-alarm budget and measures power: it
// simulates windows in which nothing changed, for twelve shapes of data, and
// windows with eight drifts, through the real checks and the real policy, and
// writes docs/calibration.md and its pictures.
//
// It is deterministic. What was simulated is kept in a file (-results) and not
// simulated again, so it goes on where it was stopped; delete the file when the
// statistics change. The tests beside it run a smaller version.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

func main() {
	docs := flag.String("docs", "docs", "folder of the documentation to write")
	results := flag.String("results", ".cache/calibrate.json", "file that keeps what was simulated")
	flag.Parse()
	if err := run(*docs, *results); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

func run(docs, file string) error {
	all, err := load(file)
	if err != nil {
		return err
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
	Rates map[string]rate
	Found map[string]found
}

func load(file string) (*results, error) {
	all := &results{file: file, Rates: map[string]rate{}, Found: map[string]found{}}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return all, os.MkdirAll(filepath.Dir(file), 0o755)
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
	fmt.Fprintf(os.Stderr, "\r%d of %d simulations", len(all.Found)+len(all.Rates), len(powers())+len(stills()))
	return all.save()
}

func (all *results) save() error {
	data, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(all.file, append(data, '\n'), 0o644)
}
