package configs

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"teamsbridge/sso"
)

// What may be kept in a file of its own, which <key>_file names. Of secrets
// nothing but that may stand in the configuration; of a connection string, all
// but its password.
var secretKeys = map[string]bool{"client_secret": true, "certificate_password": true, "session_key": true, "password": true}

const dsnKey = "dsn"

// passwordInDSN finds a password in either spelling of a connection string.
var passwordInDSN = regexp.MustCompile(`(?i)://[^/@]*:[^/@]*@|\bpassword\s*=`)

// keysOf gives the keys of a struct as the file spells them.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := make(map[string]reflect.Type)
	for i := range t.NumField() {
		field := t.Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("koanf"), ",")
		switch {
		case option == "squash":
			for key, kind := range keysOf(field.Type) {
				keys[key] = kind
			}
		case name != "" && name != "-":
			keys[name] = field.Type
		}
	}
	return keys
}

// elsewhere are the keys of packages' own configurations that this file spells
// differently, because the operator's question is another package's.
var elsewhere = map[string]string{
	"consult.number_match": "sso.number_match",
	"consult.dial":         "dial",
	"consult.agent":        "agent",
	"consult.hold":         "hold",
	"web.experts_search":   "experts.search",
	"web.limits":           "limits",
	"experts.mode":         "directory.mode",
	"experts.persist":      "directory.persist",
}

// inspect walks what the file says beside what a Config knows: unknown keys and
// values of the wrong kind are reported and removed, secrets are fetched from
// the files named.
func inspect(raw map[string]any, t reflect.Type, path string, from Source, found *problems) {
	known := keysOf(t)
	secrets := make(map[string]any)
	for key, value := range raw {
		at := join(path, key)
		if base, ok := strings.CutSuffix(key, "_file"); ok && (secretKeys[base] || base == dsnKey) && known[base] != nil {
			delete(raw, key)
			if raw[base] != nil && base == dsnKey {
				found.add(at, "give the dsn here or in the file, not both")
				continue
			}
			if secret, ok := readSecret(value, at, from, found); ok {
				secrets[base] = secret
			}
			continue
		}
		kind, ok := known[key]
		switch {
		case !ok:
			delete(raw, key)
			found.add(at, "unknown key")
		case elsewhere[at] != "":
			delete(raw, key)
			found.list = append(found.list, Problem{Path: at, Message: "is set at " + elsewhere[at]})
		case secretKeys[key]:
			delete(raw, key)
			found.add(at, fmt.Sprintf("a secret does not belong in this file: name the file it is kept in with %s_file", key))
		case key == dsnKey && passwordInDSN.MatchString(fmt.Sprint(value)):
			delete(raw, key)
			found.add(at, "a password does not belong in this file: name the file that the dsn is kept in with dsn_file")
		case value == nil: // "key:" without a value leaves the default
			delete(raw, key)
		case !inspectValue(value, kind, at, from, found):
			delete(raw, key)
		}
	}
	for key, secret := range secrets { // after the walk, which refuses the key itself
		raw[key] = secret
	}
}

// inspectValue reports whether the value is of the kind.
func inspectValue(value any, t reflect.Type, path string, from Source, found *problems) bool {
	fits := false
	switch v := value.(type) {
	case map[string]any:
		fits = t.Kind() == reflect.Struct || t.Kind() == reflect.Map
		if t.Kind() == reflect.Struct {
			inspect(v, t, path, from, found)
		}
	case []any:
		fits = t.Kind() == reflect.Slice
		for i := 0; fits && i < len(v); i++ {
			fits = inspectValue(v[i], t.Elem(), fmt.Sprintf("%s[%d]", path, i), from, found)
		}
		if t.Kind() == reflect.Slice {
			return fits // the item at fault has been named
		}
	case string:
		fits = t.Kind() == reflect.String
		if t == reflect.TypeFor[time.Duration]() {
			_, err := parseDuration(v)
			fits = err == nil
		}
	case bool:
		fits = t.Kind() == reflect.Bool
	case int:
		// "0" is a duration whatever its unit; any other number needs one.
		isDuration := t == reflect.TypeFor[time.Duration]()
		fits = (isDuration && v == 0) || (!isDuration && (t.Kind() == reflect.Int || t.Kind() == reflect.Int64 || t.Kind() == reflect.Float64))
	case float64:
		fits = t.Kind() == reflect.Float64
	}
	if !fits {
		found.add(path, "must be "+describeType(t))
	}
	return fits
}

func readSecret(value any, path string, from Source, found *problems) (string, bool) {
	data, ok := readNamed(value, path, from, found)
	if !ok {
		return "", false
	}
	secret := strings.TrimRight(string(data), "\r\n")
	if secret == "" {
		found.add(path, "the file is empty")
		return "", false
	}
	return secret, true
}

// readNamed reads a file that the configuration names, relative to its own folder.
func readNamed(value any, path string, from Source, found *problems) ([]byte, bool) {
	name, ok := value.(string)
	if !ok || name == "" {
		found.add(path, "must be the name of a file")
		return nil, false
	}
	if from.ReadFile == nil {
		found.add(path, "no file can be read here")
		return nil, false
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(from.Dir, name)
	}
	data, err := from.ReadFile(name)
	if err != nil {
		found.add(path, err.Error())
		return nil, false
	}
	return data, true
}

// readAgents puts the agent table of agents_file where agents would stand.
func readAgents(raw map[string]any, from Source, found *problems) {
	value, ok := raw["agents_file"]
	if !ok {
		return
	}
	if _, both := raw["agents"]; both {
		found.add("agents_file", "give the agents here or in the file, not both")
		return
	}
	data, ok := readNamed(value, "agents_file", from, found)
	if !ok {
		return
	}
	var table struct {
		Agents []map[string]any `yaml:"agents"`
	}
	if err := yaml.Unmarshal(data, &table); err != nil {
		found.add("agents_file", err.Error())
		return
	}
	rows := make([]any, len(table.Agents))
	for i, row := range table.Agents {
		rows[i] = row
	}
	if inspectValue(rows, reflect.TypeFor[[]sso.Agent](), "agents", from, found) {
		raw["agents"] = rows
	}
}

func describeType(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "a duration like 15s or 2m"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a section with keys"
	case reflect.String:
		return "a text (put it in quotes)"
	default:
		return "a number"
	}
}
