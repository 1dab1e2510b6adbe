package main

import "testing"

func TestTheLanguageIsTheFlagsElseTheEnvironments(t *testing.T) {
	for _, row := range []struct {
		name string
		flag languageFlag
		env  map[string]string
		want string // empty: refused
	}{
		{"nothing says which", "", nil, english},
		{"German by LANG", "", map[string]string{"LANG": "de_AT.UTF-8"}, german},
		{"German without a country", "", map[string]string{"LANG": "de"}, german},
		{"German by its encoding only", "", map[string]string{"LANG": "de.UTF-8"}, german},
		{"another that begins like it", "", map[string]string{"LANG": "deu"}, english},
		{"LC_ALL before LANG", "", map[string]string{"LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"}, english},
		{"LC_MESSAGES before LANG", "", map[string]string{"LC_MESSAGES": "de_CH", "LANG": "en_US.UTF-8"}, german},
		{"the flag before all", english, map[string]string{"LC_ALL": "de_DE.UTF-8"}, english},
		{"German by the flag", german, nil, german},
		{"one that is not spoken", "fr", nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := row.flag.choose(func(name string) string { return row.env[name] })
			if got != row.want || (err == nil) != (row.want != "") {
				t.Errorf("%q, %v; want %q", got, err, row.want)
			}
		})
	}
}

// What the doctor can say it says in both languages.
func TestTheDoctorHasAllItsTitlesInBothLanguages(t *testing.T) {
	for _, name := range []string{
		findingConfig, findingAddress, findingStore, findingAgents, findingMicrosoft, findingPresence, findingSwitch, findingService,
	} {
		if w := doctorTitles[name]; w.in(english) == "" || w.in(german) == "" {
			t.Errorf("%s: %q", name, w)
		}
	}
}
