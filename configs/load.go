package configs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
)

// Source is where a configuration comes from.
type Source struct {
	// Getenv reads the environment, as os.Getenv does; nil means there is none.
	Getenv func(string) string
	// ReadFile reads the files that the configuration names, as os.ReadFile
	// does; nil means none may be named. Names are relative to Dir.
	ReadFile func(string) ([]byte, error)
	Dir      string
}

// Load reads the file at path, then the environment, and validates the whole.
// A configuration that is not usable gives *Error with every problem.
func Load(path string, getenv func(string) string) (Config, error) {
	return load(path, getenv, os.ReadFile)
}

func load(path string, getenv func(string) string, read func(string) ([]byte, error)) (Config, error) {
	data, err := read(path)
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(data, Source{Getenv: getenv, ReadFile: read, Dir: filepath.Dir(path)})
}

// Parse reads YAML, then the environment, and validates the whole. The error is *Error.
func Parse(data []byte, from Source) (Config, error) {
	found := &problems{}
	cfg := Default()

	k := koanf.New(delimiter)
	if err := k.Load(rawbytes.Provider(data), yaml.Parser()); err != nil {
		found.add("", err.Error())
		return cfg, found.err()
	}
	raw := k.Raw()
	inspect(raw, reflect.TypeFor[Config](), "", from, found)
	readAgents(raw, from, found)

	k = koanf.New(delimiter)
	if err := k.Load(literal(raw), nil); err != nil {
		found.add("", err.Error())
		return cfg, found.err()
	}
	overrides, err := environment(from.Getenv, found)
	if err != nil {
		found.add("", err.Error())
	}
	if err := k.Load(env.Provider(delimiter, overrides), nil); err != nil {
		found.add("", err.Error())
	}

	err = k.UnmarshalWithConf("", &cfg, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		TagName:    "koanf",
		DecodeHook: durationHook,
		// Exactly: a key in another case is another key, hence unknown.
		MatchName: func(key, field string) bool { return key == field },
	}})
	for _, e := range leaves(err) {
		describeDecoding(e, found)
	}
	complete(&cfg)
	resolveFiles(&cfg, from.Dir)
	validate(cfg, found)
	return cfg, found.err()
}

const delimiter = "."

// literal is a koanf provider of a map that is already there.
type literal map[string]any

func (l literal) Read() (map[string]any, error) { return l, nil }

func (l literal) ReadBytes() ([]byte, error) { return nil, errors.ErrUnsupported }

// describeDecoding says in words what mapstructure found.
func describeDecoding(err error, found *problems) {
	decode, ok := errors.AsType[*mapstructure.DecodeError](err)
	if !ok {
		found.add("", err.Error())
		return
	}
	message := decode.Unwrap().Error()
	if kind, ok := errors.AsType[*mapstructure.UnconvertibleTypeError](err); ok {
		message = fmt.Sprintf("must be %s", describeType(kind.Expected.Type()))
	} else if _, ok := errors.AsType[*mapstructure.ParseError](err); ok {
		message = "is not of the right kind"
	}
	found.add(decode.Name(), message)
}
