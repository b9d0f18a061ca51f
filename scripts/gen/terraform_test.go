package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/cost"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const modules = "../../terraform"

// terraformFiles are all files of the modules in Terraform's language.
func terraformFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(modules, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".terraform") {
			return filepath.SkipDir
		}
		if extension := filepath.Ext(path); extension == ".tf" || extension == ".hcl" {
			data, err := os.ReadFile(path)
			files[path] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 15 {
		t.Fatalf("only %d files below %s", len(files), modules)
	}
	return files
}

// TestModulesParse holds where there is no terraform to validate them.
func TestModulesParse(t *testing.T) {
	for path, source := range terraformFiles(t) {
		if _, problems := hclsyntax.ParseConfig([]byte(source), path, hcl.InitialPos); problems.HasErrors() {
			t.Error(problems)
		}
	}
}

// everything is a permission for all actions or on all resources.
var everything = regexp.MustCompile(`"(\*|[a-z0-9-]+:\*)"`)

// TestNothingIsAllowedOnEverything: no action and no resource is "*", but where
// AWS has no other way and the line says why.
func TestNothingIsAllowedOnEverything(t *testing.T) {
	const reason = "# all: "
	seen := 0
	for path, source := range terraformFiles(t) {
		if filepath.Ext(path) != ".tf" {
			continue
		}
		for i, line := range strings.Split(source, "\n") {
			found := everything.FindString(line)
			if found == "" {
				continue
			}
			seen++
			if _, why, ok := strings.Cut(line, reason); !ok || len(strings.TrimSpace(why)) < 5 {
				t.Errorf("%s:%d has %s without a reason (%q and why)", path, i+1, found, reason)
			}
		}
	}
	if seen == 0 {
		t.Error("the expression finds nothing: metrics have no resources, so there is one at least")
	}
}

// TestMinimalExampleIsMinimal: fifteen lines, three settings.
func TestMinimalExampleIsMinimal(t *testing.T) {
	path := filepath.Join(modules, "aws", "examples", "minimal", "main.tf")
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(source), "\n"); lines > 15 {
		t.Errorf("%s has %d lines", path, lines)
	}
	parsed, problems := hclsyntax.ParseConfig(source, path, hcl.InitialPos)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	settings := 0
	for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
		for name := range block.Body.Attributes {
			if name != "source" && name != "version" {
				settings++
			}
		}
	}
	if settings == 0 || settings > 3 {
		t.Errorf("%s has %d settings", path, settings)
	}
}

// TestSearchesAreShortEnough: CloudWatch refuses a longer expression, and with it
// the dashboard.
func TestSearchesAreShortEnough(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(modules, "aws", "generated", "dashboard.json"))
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer(anyModel, strings.Repeat("m", 63), anyNamespace, strings.Repeat("n", 255)).Replace(string(data))
	var widgets []widget
	if err := json.Unmarshal([]byte(filled), &widgets); err != nil {
		t.Fatal(err)
	}
	searches := 0
	for _, w := range widgets {
		for _, line := range w.Properties.Metrics {
			fields, ok := line[0].(map[string]any)
			if !ok {
				continue
			}
			searches++
			if expression := fields["expression"].(string); len(expression) > longestSearch {
				t.Errorf("%s: %d characters: %s", w.Properties.Title, len(expression), expression)
			}
		}
	}
	if searches < 5 {
		t.Errorf("%d searches", searches)
	}
}

// TestTablesNameWhatIsThere: a variable or an output that is not in the README
// would be found only by who reads the source.
func TestTablesNameWhatIsThere(t *testing.T) {
	m, err := readModule(filepath.Join(modules, "aws"))
	if err != nil {
		t.Fatal(err)
	}
	tables := m.tables()
	for _, name := range []string{"`bucket`", "`watch_prefixes`", "`redrive_command`", "`aws_sqs_queue`", "**required**", "terraform >= 1.9.0"} {
		if !strings.Contains(tables, name) {
			t.Errorf("%s is not in the tables", name)
		}
	}
	required := slices.DeleteFunc(slices.Clone(m.inputs), func(in input) bool { return in.fallback != "" })
	if len(required) > 3 {
		t.Errorf("%d inputs must be given", len(required))
	}
}

// TestCostIsThatOfTheModule: an estimate is of the function and the schedules
// that the module makes.
func TestCostIsThatOfTheModule(t *testing.T) {
	m, err := readModule(filepath.Join(modules, "aws"))
	if err != nil {
		t.Fatal(err)
	}
	of := func(name string) input {
		return m.inputs[slices.IndexFunc(m.inputs, func(in input) bool { return in.name == name })]
	}
	if got, want := of("memory_mb").fallback, strconv.Itoa(cost.MemoryMB); got != want {
		t.Errorf("the module's function has %s MB, the estimate's %s", got, want)
	}
	perDay := map[string]float64{"rate(30 minutes)": 48, "rate(6 hours)": 4, "cron(10 0 * * ? *)": 1}
	total := 0.0
	for _, schedule := range regexp.MustCompile(`"((?:rate|cron)\([^"]+)"`).FindAllStringSubmatch(of("schedules").typ, -1) {
		n, known := perDay[schedule[1]]
		if !known {
			t.Errorf("how often %s is in a day is not known here", schedule[1])
		}
		total += n
	}
	if total != cost.Reminders {
		t.Errorf("the module reminds %g times a day, the estimate %g times", total, float64(cost.Reminders))
	}
}
