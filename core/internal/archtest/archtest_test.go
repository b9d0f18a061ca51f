// Package archtest holds the architecture as tests: who may import whom, each
// rule with its reason, and how big a file or a function may grow.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Doc        string
	GoFiles    []string
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Doc,GoFiles"}, args...)...)
	cmd.Dir = "../../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// rule forbids imports. A pattern is a package path, or a prefix ending in
// "/..."; from may be excepted.
type rule struct {
	from   string
	except []string
	never  []string
	deep   bool // also through other packages
	reason string
}

// aboveData is what works on rows.
var aboveData = []string{"leeway/core/format/...", "leeway/core/profile", "leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor"}

// testSupport are packages that tests alone import, with what tests need.
var testSupport = []string{"leeway/infra/aws/s3fake", "leeway/infra/aws/awsfake", "leeway/core/format/formattest", "leeway/core/state/storetest", "leeway/core/monitor/sinktest", "leeway/core/monitor/triggertest", "leeway/core/internal/golden", "leeway/core/internal/archtest"}

var rules = []rule{
	{from: "leeway/events", never: []string{"leeway/..."}, deep: true,
		reason: "events are plain data that anyone may import without getting the rest"},
	{from: "leeway/core/...", except: []string{"leeway/core/internal/..."}, never: []string{"net", "net/http", "os", "os/exec", "log", "log/slog"},
		reason: "the core is pure: bytes in, findings out; it runs in a browser as in a function"},
	{from: "leeway/core/...", never: []string{"leeway/infra/...", "leeway/functions/..."}, deep: true,
		reason: "the core knows ports, not who implements them"},
	{from: "leeway/core/...", except: []string{"leeway/core/stat"}, never: []string{"gonum.org/..."},
		reason: "gonum panics and gives surprising values on raw data: core/stat validates first"},
	{from: "leeway/core/...", never: []string{"github.com/parquet-go/..."},
		reason: "parquet-go trusts the sizes that a file declares: core/format/parquet decodes pages itself, within limits"},
	{from: "leeway/core/fault", never: []string{"leeway/..."}, reason: "the error vocabulary stands below everything"},
	{from: "leeway/core/metric", never: []string{"leeway/..."}, reason: "the catalogue's types stand below everything"},
	{from: "leeway/core/stat", never: []string{"leeway/core/profile", "leeway/core/sketch", "leeway/core/frame", "leeway/core/check/..."},
		reason: "statistics work on numbers, not on profiles: they can be checked against SciPy as they are"},
	{from: "leeway/core/sketch", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state"}, reason: "summaries do not judge"},
	{from: "leeway/core/profile", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state"}, reason: "profiles do not judge"},
	{from: "leeway/core/format/...", never: []string{"leeway/core/profile", "leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor"}, reason: "readers know rows, not what is made of them"},
	{from: "leeway/core/check/quality", never: []string{"leeway/core/check/drift", "leeway/core/monitor", "leeway/core/policy"}, reason: "families of checks do not lean on each other, and do not decide"},
	{from: "leeway/core/check/drift", never: []string{"leeway/core/check/quality", "leeway/core/monitor", "leeway/core/policy"}, reason: "families of checks do not lean on each other, and do not decide"},
	{from: "leeway/core/check/performance", never: []string{"leeway/core/check/quality", "leeway/core/check/drift", "leeway/core/monitor", "leeway/core/policy"}, reason: "families of checks do not lean on each other, and do not decide"},
	{from: "leeway/core/cases", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state", "leeway/core/ledger"}, reason: "a sample of rows does not judge"},
	{from: "leeway/core/check/concept", never: []string{"leeway/core/check", "leeway/core/check/quality", "leeway/core/check/drift", "leeway/core/check/performance", "leeway/core/check/confidence", "leeway/core/monitor", "leeway/core/policy"}, reason: "what moved is told from labelled rows alone, to all that want to know"},
	{from: "leeway/core/check/selection", never: []string{"leeway/core/check", "leeway/core/check/quality", "leeway/core/check/drift", "leeway/core/check/performance", "leeway/core/check/confidence", "leeway/core/monitor", "leeway/core/policy"}, reason: "which labels came is told from rows alone, to all checks"},
	{from: "leeway/core/check/fairness", never: []string{"leeway/core/check/quality", "leeway/core/check/drift", "leeway/core/check/performance", "leeway/core/monitor", "leeway/core/policy"}, reason: "families of checks do not lean on each other, and do not decide"},
	{from: "leeway/core/outcome", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state", "leeway/core/ledger"}, reason: "summaries do not judge"},
	{from: "leeway/core/ledger", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state"}, reason: "the ledger joins, it does not judge"},
	{from: "leeway/core/retrain", never: []string{"leeway/core/monitor", "leeway/core/state", "leeway/core/config", "leeway/core/check/...", "leeway/core/policy", "leeway/events"}, reason: "whether to retrain is a function of what windows showed and of what was decided before, wherever that is kept"},
	{from: "leeway/infra/aws/cloudwatchsink", never: []string{"leeway/core/state", "leeway/core/profile"}, reason: "a sink knows reports, not the bucket"},
	{from: "leeway/infra/webhook", never: []string{"leeway/infra/...", "leeway/core/state", "leeway/core/profile"}, reason: "a sink knows reports and events, not the bucket"},
	{from: "leeway/core/check/cause", never: []string{"leeway/core/check/quality", "leeway/core/check/drift", "leeway/core/monitor", "leeway/core/policy", "leeway/core/state"}, reason: "causes explain what others found, from the profiles alone: they find nothing and decide nothing"},
	{from: "leeway/core/compat/evidently", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/profile"}, reason: "what other tools would say has no part in what this one finds"},
	{from: "leeway/core/compat/sagemaker", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor", "leeway/core/state"}, reason: "documents of another tool become profiles and configurations, and reports become its documents; nothing is found here"},
	{from: "leeway/core/check/...", never: []string{"leeway/core/compat/..."}, reason: "what other tools would say has no part in what this one finds"},
	{from: "leeway/core/report/...", never: []string{"leeway/core/monitor", "leeway/core/policy", "leeway/core/check/..."}, reason: "the document is made by others; it can be read without them"},
	{from: "leeway/core/state/...", never: []string{"leeway/core/monitor", "leeway/core/check/...", "leeway/core/policy"}, reason: "the bucket keeps what was found; it finds nothing"},
	{from: "leeway/core/policy", never: []string{"leeway/core/monitor", "leeway/core/state"}, reason: "a judgement is a function of evidence and options, not of a bucket"},
	{from: "leeway/core/policy", never: []string{"leeway/core/check/cause"}, reason: "why something changed makes it no graver: policy is handed the words"},
	{from: "leeway/core/config", never: []string{"leeway/core/monitor", "leeway/core/state"}, reason: "a configuration can be read and checked without a bucket"},
	{from: "leeway/core/calendar", never: aboveData, reason: "where a window lies follows from its times alone"},
	{from: "leeway/core/partial", never: []string{"leeway/core/format/...", "leeway/core/monitor"}, reason: "what a window lacks follows from when rows are, here and in a baseline, whatever the pipeline is at"},
	{from: "leeway/core/lay", never: []string{"leeway/core/state", "leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor"}, reason: "a file is read under a contract wherever it lies, and whatever is made of it"},
	{from: "leeway/core/route", never: []string{"leeway/core/format/...", "leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor"}, reason: "which window a row is of follows from its time alone"},
	{from: "leeway/core/truth", never: []string{"leeway/core/state", "leeway/core/policy", "leeway/core/check/drift", "leeway/core/check/performance", "leeway/core/monitor"}, reason: "what came true is told to checks, which judge it"},
	{from: "leeway/core/collect", never: []string{"leeway/core/check/...", "leeway/core/policy", "leeway/core/monitor"}, reason: "files are summed up the same whatever they are compared with, with a bucket or without"},
	{from: "leeway/core/compare", never: []string{"leeway/core/format/...", "leeway/core/monitor"}, reason: "a report is a function of what was collected and of what was before, whether a bucket, a command or a test has them"},
	{from: "leeway/core/vary", never: []string{"leeway/core/format/...", "leeway/core/monitor"}, reason: "how windows of a reference differ is learnt from its rows, whichever files they come in and whatever keeps what is learnt"},
	{from: "leeway/core/cost", never: []string{"leeway/core/monitor", "leeway/core/state", "leeway/core/check/...", "leeway/core/profile"}, reason: "an estimate is arithmetic on a table of prices"},
	{from: "leeway/core/frame", never: aboveData, reason: "blocks of cells stand below all that reads or sums them up"},
	{from: "leeway/core/schema", never: aboveData, reason: "what columns are stands below all that reads or sums them up"},
	{from: "leeway/functions/internal/dash", never: []string{"leeway/core/monitor", "leeway/core/compare", "leeway/core/collect", "leeway/core/check/..."}, reason: "pages show what was found; they find nothing"},
	{from: "leeway/infra/...", never: []string{"leeway/functions/...", "leeway/core/check/...", "gonum.org/..."}, reason: "adapters move bytes; they compute nothing"},
	{from: "leeway/...", except: []string{"leeway/infra/aws/...", "leeway/functions/aws", "leeway/scripts/e2e/aws"}, never: []string{"github.com/aws/...", "leeway/infra/aws/..."},
		reason: "a cloud's client is linked where it is used and nowhere else: it doubles a binary"},
	{from: "leeway/functions/internal/...", never: []string{"leeway/infra/aws/...", "leeway/infra/local/..."}, reason: "which adapters there are says each main"},
	{from: "leeway/functions/aws", never: []string{"leeway/infra/local/...", "leeway/functions/internal/dash", "leeway/functions/internal/httpapi", "cloud.google.com/...", "github.com/Azure/..."}, deep: true,
		reason: "a function holds the client of its own cloud and no page"},
}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	}
	return path == pattern
}

func matchesAny(patterns []string, path string) bool {
	for _, pattern := range patterns {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

func TestImports(t *testing.T) {
	packages := list(t, "./...")
	for _, r := range rules {
		used := false
		for _, p := range packages {
			if !matches(r.from, p.ImportPath) || matchesAny(r.except, p.ImportPath) || slices.Contains(testSupport, p.ImportPath) {
				continue
			}
			used = true
			imports := p.Imports
			if r.deep {
				imports = p.Deps
			}
			for _, imported := range imports {
				if imported != p.ImportPath && matchesAny(r.never, imported) && !(matches(r.from, imported) && r.deep) {
					t.Errorf("%s imports %s: %s", p.ImportPath, imported, r.reason)
				}
			}
		}
		if !used {
			t.Errorf("rule on %s concerns no package: delete it or mend the name", r.from)
		}
	}
}

// TestTestSupport: what the rules pass over is there, and only tests import it.
func TestTestSupport(t *testing.T) {
	packages := list(t, "./...")
	for _, name := range testSupport {
		if !slices.ContainsFunc(packages, func(p pkg) bool { return p.ImportPath == name }) {
			t.Errorf("%s is not there: delete it from testSupport", name)
		}
	}
	for _, p := range packages {
		for _, imported := range p.Imports {
			if slices.Contains(testSupport, imported) && !slices.Contains(testSupport, p.ImportPath) {
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, imported)
			}
		}
	}
}

func TestEveryPackageHasAGuide(t *testing.T) {
	for _, p := range list(t, "./...") {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}
