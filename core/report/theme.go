package report

import _ "embed"

// Theme is the style sheet that the report and the dashboard share: colours by
// meaning in light and dark (custom properties such as --alert, --reference),
// type, verdicts and badges, cards, tables, and what core/report/chart draws.
// It loads nothing, and contains no text that would end a <style> element.
//
//go:embed theme.css
var Theme string
