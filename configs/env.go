package configs

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/providers/env/v2"
)

const envPrefix = "TEAMSBRIDGE_"

// EnvName is the environment variable of a key: sso.entra.client_id is
// TEAMSBRIDGE_SSO_ENTRA_CLIENT_ID.
func EnvName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, delimiter, "_"))
}

// environment gives the variables that name a key. Asking for each known key,
// rather than reading every variable with the prefix, keeps out what others
// set under the same prefix (Kubernetes does for a service named teamsbridge).
func environment(getenv func(string) string, found *problems) (env.Opt, error) {
	values := make(map[string]any)
	names := make(map[string]string)
	var set []string
	if getenv != nil {
		for key, kind := range leafKeys(reflect.TypeFor[Config](), "") {
			name := EnvName(key)
			if other, taken := names[name]; taken {
				return env.Opt{}, fmt.Errorf("%s means both %s and %s", name, other, key)
			}
			text := getenv(name)
			if text == "" {
				continue
			}
			value, err := convert(text, kind)
			if err != nil {
				found.add(key, fmt.Sprintf("%s %s", name, err))
				continue
			}
			names[name], values[key] = key, value
			set = append(set, name+"="+text)
		}
	}
	return env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return set },
		TransformFunc: func(name, _ string) (string, any) {
			key := names[name]
			return key, values[key]
		},
	}, nil
}

// leafKeys gives every key that the environment can set: those of one value,
// and lists of strings.
func leafKeys(t reflect.Type, path string) map[string]reflect.Type {
	leaves := make(map[string]reflect.Type)
	for key, kind := range keysOf(t) {
		at := join(path, key)
		if elsewhere[at] != "" {
			continue
		}
		switch kind.Kind() {
		case reflect.Struct:
			for inner, k := range leafKeys(kind, at) {
				leaves[inner] = k
			}
		case reflect.Slice:
			if kind.Elem().Kind() == reflect.String {
				leaves[at] = kind
			}
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
			leaves[at] = kind
		default: // nothing that one text could say
		}
	}
	return leaves
}

func convert(text string, t reflect.Type) (any, error) {
	if t == reflect.TypeFor[time.Duration]() {
		d, err := parseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("must be %s", describeType(t))
		}
		return d, nil
	}
	var value any
	var err error
	switch t.Kind() {
	case reflect.Slice:
		var items []string
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
		value = items
	case reflect.Bool:
		value, err = strconv.ParseBool(text)
	case reflect.Int, reflect.Int64:
		value, err = strconv.ParseInt(text, 10, 64)
	case reflect.Float64:
		value, err = strconv.ParseFloat(text, 64)
	default:
		value = text
	}
	if err != nil {
		return nil, fmt.Errorf("must be %s", describeType(t))
	}
	return value, nil
}
