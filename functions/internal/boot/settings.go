package boot

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"leeway/core/fault"
	"leeway/core/monitor"
)

// Settings are what the environment says.
type Settings struct {
	Bucket, StateBucket string
	Config              string // a configuration, or the key of one
	Level               slog.Level
	IDKey               []byte
	KeySecret           string // names the secret that holds it
}

// FromEnvironment reads the settings of a function. Everything that is wrong with
// them is in the error, each with the variable's name.
func FromEnvironment(getenv func(string) string) (*Settings, error) {
	s := &Settings{
		Bucket: getenv("LEEWAY_BUCKET"), StateBucket: getenv("LEEWAY_STATE_BUCKET"),
		Config: strings.TrimSpace(getenv("LEEWAY_CONFIG")), IDKey: []byte(getenv("LEEWAY_ID_KEY")), KeySecret: getenv("LEEWAY_ID_KEY_SECRET_ARN"),
	}
	if s.StateBucket == "" {
		s.StateBucket = s.Bucket
	}
	var level error
	s.Level, level = levelOf(getenv("LEEWAY_LOG_LEVEL"))
	var keys error
	if len(s.IDKey) > 0 && s.KeySecret != "" {
		keys = wrong("LEEWAY_ID_KEY_SECRET_ARN", "is set beside LEEWAY_ID_KEY", "set one of them")
	}
	err := errors.Join(
		keys, bucketName("LEEWAY_BUCKET", s.Bucket), bucketName("LEEWAY_STATE_BUCKET", s.StateBucket), configuration(s.Config), level,
	)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func bucketName(variable, name string) error {
	switch {
	case name == "" && variable == "LEEWAY_BUCKET":
		return wrong(variable, "is not set", "set it to the name of the bucket that holds logs/")
	case strings.ContainsAny(name, "/: "):
		return wrong(variable, fmt.Sprintf("%q is no bucket's name", name), "write the name alone, such as my-bucket")
	}
	return nil
}

// isInline tells a configuration from the key of one.
func isInline(config string) bool { return strings.ContainsAny(config, ":\n{") }

func configuration(config string) error {
	switch {
	case config == "":
		return nil
	case isInline(config):
		_, err := monitor.Names().Parse([]byte(config), "LEEWAY_CONFIG")
		return err
	case !strings.HasSuffix(config, ".yaml") && !strings.HasSuffix(config, ".yml"):
		return wrong("LEEWAY_CONFIG", fmt.Sprintf("%q is neither YAML nor the key of a file that ends in .yaml", config), "write the configuration itself, or a key such as config/my-model.yaml")
	}
	return nil
}

func levelOf(name string) (slog.Level, error) {
	var level slog.Level
	if name == "" {
		return slog.LevelInfo, nil
	}
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return 0, wrong("LEEWAY_LOG_LEVEL", fmt.Sprintf("%q is no level", name), "use debug, info, warn or error")
	}
	return level, nil
}

func wrong(variable, what, hint string) error {
	return &fault.Error{Kind: fault.Invalid, Op: "read the environment", Object: variable, Err: errors.New(what), Hint: hint}
}
