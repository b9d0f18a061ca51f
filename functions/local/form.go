package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"leeway/core/fault"
)

// endings are the names of files that say in which form they are written, those
// that no command writes among them.
var endings = map[string]string{
	".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".svg": "svg",
	".pdf": "PDF", ".png": "PNG", ".csv": "CSV", ".xlsx": "XLSX", ".yaml": "YAML", ".yml": "YAML", ".xml": "XML",
}

// form is the one that --output asks for; without it the one that the name of
// --out does, else text. A name of a form that the command does not have is
// refused, for the file would not be what it is called.
func form(output, out string, forms []string) (string, error) {
	if output != "" {
		return output, oneOf("--output", output, forms)
	}
	ending := strings.ToLower(filepath.Ext(out))
	switch named, known := endings[ending]; {
	case !known:
		return "text", nil
	case !slices.Contains(forms, named):
		return "", usage{fmt.Sprintf("--out %s: there is no %s of this: choose %s, or say --output text", out, named, strings.Join(forms, ", "))}
	default:
		return named, nil
	}
}

// formHelp is what --help says of --output.
func formHelp(what string, forms []string) string {
	return what + ": " + strings.Join(forms, ", ") + " (default: by the name of --out, else text)"
}

// oneOf refuses what is none of the choices.
func oneOf(flag, value string, choices []string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return usage{fmt.Sprintf("%s %s%s", flag, value, didYouMean(fault.Nearest(value, choices), "choose "+strings.Join(choices, ", ")))}
}
