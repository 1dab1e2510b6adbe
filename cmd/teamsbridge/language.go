package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// words are a sentence in the languages that the product speaks.
type words struct{ en, de string }

const (
	english = "en"
	german  = "de"
)

func (w words) in(language string) string {
	if language == german {
		return w.de
	}
	return w.en
}

// with fills in what the sentence leaves open.
func (w words) with(values ...any) words {
	return words{fmt.Sprintf(w.en, values...), fmt.Sprintf(w.de, values...)}
}

// plain is a text that is the same in every language.
func plain(text string) words { return words{text, text} }

// languageFlag is in which language a command speaks.
type languageFlag string

func (l *languageFlag) add(flags *pflag.FlagSet) {
	const usage = "`LANGUAGE` of the report: en or de; as the environment's LC_ALL, LC_MESSAGES or LANG if left out"
	flags.StringVar((*string)(l), "lang", "", usage)
	flags.StringVar((*string)(l), "language", "", usage)
	_ = flags.MarkHidden("language") // fails only for a flag that is not there
}

// choose goes by the flag, else by the environment in POSIX's order.
func (l *languageFlag) choose(getenv func(string) string) (string, error) {
	switch *l {
	case english, german:
		return string(*l), nil
	case "":
	default:
		return "", errors.New("--lang must be en or de")
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if value == german || strings.HasPrefix(value, german+"_") || strings.HasPrefix(value, german+".") {
				return german, nil
			}
			break
		}
	}
	return english, nil
}
