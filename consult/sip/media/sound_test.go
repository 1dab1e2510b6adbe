package media_test

import (
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
)

func TestBuiltInMusic(t *testing.T) {
	began := time.Now()
	music := media.BuiltInMusic()
	t.Logf("composed in %v", time.Since(began))
	samples := music.Samples()
	if music.Length() != 48*time.Second {
		t.Errorf("it lasts %v", music.Length())
	}
	loudest, steepest := 0, 0
	for i := range samples {
		before := int(samples[(i+len(samples)-1)%len(samples)])
		loudest = max(loudest, int(samples[i]), -int(samples[i]))
		steepest = max(steepest, int(samples[i])-before, before-int(samples[i]))
	}
	if loudest < 3000 || loudest > 8000 {
		t.Errorf("the loudest sample is %d", loudest)
	}
	seam := int(samples[0]) - int(samples[len(samples)-1])
	if max(seam, -seam) > steepest/2 {
		t.Errorf("the loop has a seam of %d; the steepest step elsewhere is %d", seam, steepest)
	}
}
