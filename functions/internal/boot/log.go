package boot

import (
	"io"
	"log/slog"
)

// Log is a function's log: one JSON object a line, from the level on that the
// environment asks for. What is wrong with that is said by [Open].
func Log(w io.Writer, getenv func(string) string) *slog.Logger {
	level, _ := levelOf(getenv("LEEWAY_LOG_LEVEL"))
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
