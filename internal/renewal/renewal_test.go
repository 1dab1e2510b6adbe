package renewal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"teamsbridge/internal/renewal"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreGivenOnceTheyHaveSettled(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	write(t, one, "1")
	write(t, two, "2")
	files, first := renewal.NewFiles(one, two)
	if first.Err != nil || string(first.Data[0]) != "1" || string(first.Data[1]) != "2" {
		t.Fatalf("at first: %+v", first)
	}
	quiet := func(when string) {
		t.Helper()
		if got, changed := files.Look(); changed {
			t.Errorf("%s: told of %+v", when, got)
		}
	}
	told := func(when string) renewal.Contents {
		t.Helper()
		got, changed := files.Look()
		if !changed {
			t.Fatalf("%s: not told", when)
		}
		return got
	}

	quiet("unchanged")
	write(t, two, "half of w")
	quiet("seen for the first time")
	write(t, two, "half of what was to be written")
	quiet("changed again meanwhile")
	if got := told("settled"); string(got.Data[1]) != "half of what was to be written" || string(got.Data[0]) != "1" {
		t.Errorf("settled: %s", got.Data)
	}
	quiet("told already")

	write(t, one, "for a moment")
	quiet("seen once")
	write(t, one, "1")
	quiet("seen once as it was before")
	quiet("as it was before")

	if err := os.Remove(one); err != nil {
		t.Fatal(err)
	}
	quiet("gone for the first time")
	if got := told("gone"); !errors.Is(got.Err, fs.ErrNotExist) || got.Data != nil {
		t.Errorf("gone: %+v", got)
	}
	quiet("still gone")
}

func TestStagesOfAnEnd(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		ends  time.Time
		stage renewal.Stage
		days  int
	}{
		{"a month and a day before", now.Add(31 * 24 * time.Hour), renewal.StageFar, 31},
		{"thirty days before", now.Add(30 * 24 * time.Hour), renewal.StageSoon, 30},
		{"a week and an hour before", now.Add(169 * time.Hour), renewal.StageSoon, 7},
		{"a week before", now.Add(168 * time.Hour), renewal.StageUrgent, 7},
		{"on the last day", now.Add(time.Hour), renewal.StageUrgent, 0},
		{"at the end", now, renewal.StageEnded, 0},
		{"an hour after", now.Add(-time.Hour), renewal.StageEnded, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := renewal.StageAt(now, c.ends); got != c.stage {
				t.Errorf("stage %q, want %q", got, c.stage)
			}
			if got := renewal.DaysLeft(now, c.ends); got != c.days {
				t.Errorf("%d days left, want %d", got, c.days)
			}
		})
	}
	if got := renewal.StageAt(now, time.Time{}); got != renewal.StageFar {
		t.Errorf("an unknown end is %q", got)
	}
}

func TestRemindersComeOnceADayAndWhenItGetsNearer(t *testing.T) {
	ends := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	var r renewal.Reminder
	var days []int
	for now := ends.AddDate(0, 0, -40); now.Before(ends.AddDate(0, 0, 2)); now = now.Add(time.Hour) {
		if r.Due(now, ends) {
			days = append(days, renewal.DaysLeft(now, ends))
		}
	}
	if len(days) != 32 || days[0] != 30 || days[30] != 0 || days[31] != -1 {
		t.Errorf("reminded at %v days left", days)
	}
	if !r.Due(ends, ends.AddDate(0, 0, 20)) {
		t.Error("another end that is near was not told of")
	}
}
