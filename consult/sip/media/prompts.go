package media

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// prompts/make.sh makes the files of prompts/sentences.txt.
//
//go:embed prompts/*.wav
var builtInPrompts embed.FS

// Prompt names a sentence that a party is told.
type Prompt string

// The prompts. Their texts are in prompts/sentences.txt.
const (
	PromptConsult    Prompt = "consult"    // 1 accepts, 2 asks for a call in two minutes, 3 declines
	PromptConnecting Prompt = "connecting" // after 1
	PromptLater      Prompt = "later"      // after 2
	PromptGoodbye    Prompt = "goodbye"    // after 3
	PromptCode       Prompt = "code"       // asks for the code of a reservation
)

var allPrompts = []Prompt{PromptConsult, PromptConnecting, PromptLater, PromptGoodbye, PromptCode}

// defaultLanguage is spoken to those whose language has no prompts.
const defaultLanguage = "en"

// Prompts are the sentences in all languages there are.
type Prompts struct {
	sounds map[string]*Sound // by "consult.de"
}

// LoadPrompts reads the prompts: German and English are built in, and files of a
// directory ("consult.de.wav", "goodbye.fr.wav") replace them or add languages.
// An empty directory name is none. Every error names its file.
func LoadPrompts(directory string) (*Prompts, error) {
	p := &Prompts{sounds: make(map[string]*Sound)}
	builtIn, err := fs.Sub(builtInPrompts, "prompts")
	if err != nil {
		return nil, err
	}
	if err := p.add(builtIn, "built in"); err != nil {
		return nil, err
	}
	if directory == "" {
		return p, nil
	}
	if info, err := os.Stat(directory); err != nil {
		return nil, fmt.Errorf("prompts: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("prompts: %s is not a directory", directory)
	}
	return p, p.add(os.DirFS(directory), directory)
}

func (p *Prompts) add(files fs.FS, where string) error {
	names, err := fs.Glob(files, "*.wav")
	if err != nil {
		return fmt.Errorf("prompts: %w", err)
	}
	var errs []error
	for _, name := range names {
		if err := p.addFile(files, name); err != nil {
			errs = append(errs, fmt.Errorf("prompts: %s: %w", filepath.Join(where, name), err))
		}
	}
	return errors.Join(errs...)
}

func (p *Prompts) addFile(files fs.FS, name string) error {
	key := strings.ToLower(strings.TrimSuffix(path.Base(name), ".wav"))
	sentence, language, ok := strings.Cut(key, ".")
	if !ok || language == "" || !slices.Contains(allPrompts, Prompt(sentence)) {
		return fmt.Errorf("is none of %q with a language, as in consult.de.wav", allPrompts)
	}
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	sound, err := ReadWAV(f)
	if err != nil {
		return err
	}
	p.sounds[key] = sound
	return nil
}

// Sound is a prompt in a language ("de", "de-CH"), else in the language without
// its region, else in English.
func (p *Prompts) Sound(name Prompt, language string) *Sound {
	language = strings.ToLower(language)
	base, _, _ := strings.Cut(language, "-")
	for _, l := range []string{language, base} {
		if s := p.sounds[string(name)+"."+l]; s != nil {
			return s
		}
	}
	return p.sounds[string(name)+"."+defaultLanguage]
}
