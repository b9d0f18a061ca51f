package format

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"leeway/core/fault"
)

// What the data capture of SageMaker's Batch Transform writes, below input/ and
// output/, and what jobs of SageMaker take besides: a list of objects, the first of
// which says below what. There is no row in it.
//
//	[{"prefix": "s3://bucket/folder/"}, "a.csv", "b.csv"]
var manifest = regexp.MustCompile(`^\[\s*\{\s*"prefix"\s*:\s*"([^"]*)"\s*\}\s*(?:,\s*"([^"]*)"|\]|$)`)

// refuseManifest is an error where a file begins as a manifest does.
func refuseManifest(start []byte) error {
	found := manifest.FindSubmatch(bytes.TrimSpace(start))
	if found == nil {
		return nil
	}
	where := string(slices.Concat(found[1], found[2]))
	where = where[:min(len(where), 200)]
	return fault.New(fault.Invalid, fmt.Sprintf("this is a manifest, which names objects (the first is %q) and has no rows", where),
		`deliver what it names: the output of a Batch Transform with JoinSource "Input" has input and prediction of each row, with GenerateInferenceId an id and a time, too`)
}
