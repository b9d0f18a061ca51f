package config

// into puts an option where it belongs.
func into(options *map[string]string) func(*cursor, *value) {
	return func(at *cursor, v *value) {
		if *options == nil {
			*options = map[string]string{}
		}
		(*options)[at.key] = v.text
	}
}

var sinkFields = []*field{
	{name: "kind", form: choice, choices: kinds(sinkKinds), help: "Which sink, see [the kinds](#kinds-of-sinks).", otherwise: "required", example: "webhook",
		set: func(at *cursor, v *value) { at.sink.Kind = v.text }},
	{name: "name", form: text, help: "Its name in reports.", otherwise: "its kind",
		set: func(at *cursor, v *value) { at.sink.Name = v.text }},
	{name: "on", form: choice, choices: sent, otherwise: "by the kind",
		help: "Which reports it gets: `every` one, those of verdict `warn` and `alert`, or `alert` alone. With `warn` and `alert` it hears of a window once, and again if that becomes graver, and only of the last 7 windows: a backfill of last year is no news.",
		set:  func(at *cursor, v *value) { at.sink.On = v.text }},
	{name: "detail", form: choice, choices: []string{"top", "all"}, otherwise: "`top`",
		help: "Of sinks that take metrics. `top`: the verdict and what else tells how the model is, and the five worst columns. `all`: every metric.",
		set:  func(at *cursor, v *value) { at.sink.Detail = v.text }},
	{name: "options", form: open, help: "What else the kind needs, see [the kinds](#kinds-of-sinks).", otherwise: "none",
		enter: func(at *cursor, key string, _ Place) { at.key = key },
		each:  &field{form: text, set: func(at *cursor, v *value) { into(&at.sink.Options)(at, v) }}},
}

var retrainFields = []*field{
	{name: "trigger", form: choice, choices: kinds(triggerKinds), help: "What is started, see [the kinds](#kinds-of-triggers).", otherwise: "required", example: "webhook",
		set: func(at *cursor, v *value) { at.config.Retrain.Trigger = v.text }},
	{name: "confirm", form: count, low: 1, high: 30, fallback: "2",
		help: "In how many of the last windows a reason must show, the newest of them included.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Confirm = int(v.number) }},
	{name: "of", form: count, low: 1, high: 30, fallback: "3",
		help: "How many windows are looked at for that: for performance and concept the last that labels tell of.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Of = int(v.number) }},
	{name: "impact", form: number, low: 0, high: 1, fallback: "0.03",
		help: "Drift of data is a reason only where the model is estimated to be worse by this share of what the reference has of its main metric, with the whole interval of the estimate on the worse side.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Impact = v.number }},
	{name: "cool_down", form: interval, fallback: "1d", example: "7d",
		help: "The shortest time between the end of a request and the next one, by the time of the data; three times that after one that was rejected or declined.",
		set:  func(at *cursor, v *value) { at.config.Retrain.CoolDown = v.interval }},
	{name: "budget", form: count, low: 0, high: 100, fallback: "3",
		help: "The most requests in any 30 days, by the time of the data.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Budget = int(v.number) }},
	{name: "min_labels", form: count, low: 0, high: 1e12, fallback: "500",
		help: "How many rows must have got their label since the last training. 0: labels are not needed.",
		set:  func(at *cursor, v *value) { at.config.Retrain.MinLabels = int64(v.number) }},
	{name: "every", form: interval, otherwise: "no schedule", example: "7d",
		help: "Retrain this long after the last training (or after the data began) if anything changed since, a warning at least.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Every = v.interval }},
	{name: "approval", form: choice, choices: []string{"auto", "manual"}, fallback: "auto",
		help: "`manual`: a request is proposed, and started once somebody approved it. After two trainings in a row that made nothing better that is so anyway.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Approval = v.text == "manual" }},
	{name: "timeout", form: interval, fallback: "7d",
		help: "How long a request is waited for, by the time of the data. One that nothing is heard of for that long is lost, a proposal expires.",
		set:  func(at *cursor, v *value) { at.config.Retrain.Timeout = v.interval }},
	{name: "options", form: open, help: "What else the trigger needs, see [the kinds](#kinds-of-triggers).", otherwise: "none",
		enter: func(at *cursor, key string, _ Place) { at.key = key },
		each:  &field{form: text, set: func(at *cursor, v *value) { into(&at.config.Retrain.Options)(at, v) }}},
}
