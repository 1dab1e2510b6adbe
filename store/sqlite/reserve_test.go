package sqlite

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store/sqlite/disktest"
)

const (
	reserveBytes = 1 << 20
	diskBytes    = 4 << 20
)

// smallStore is a store with a reserve on a disk that it cannot outgrow.
type smallStore struct {
	*Store
	looks chan time.Time // one makes it look for room
}

func openSmall(t *testing.T) (*smallStore, *disktest.Disk) {
	t.Helper()
	small := disktest.New(t)
	looks := make(chan time.Time)
	small.Limit(diskBytes)
	limited := func(o *options) {
		o.disk.looks = looks
		o.disk.allocate = func(f *os.File, bytes int64) error {
			if small.Used()+bytes > diskBytes {
				return syscall.ENOSPC
			}
			return f.Truncate(bytes)
		}
	}
	s, err := Open(t.Context(), small.Path("teamsbridge.db"), WithReserve(reserveBytes), limited)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &smallStore{s, looks}, small
}

// big is a step that fills the disk soon.
func big(id consult.InteractionID, urgent bool) consult.Record {
	r := first(id)
	r.State, r.Urgent = make([]byte, 10_000), urgent
	return r
}

// fillUp appends until the disk is full.
func fillUp(t *testing.T, s *smallStore) (written int) {
	t.Helper()
	for {
		err := s.Append(t.Context(), big(consult.InteractionID(fmt.Sprintf("fill-%d", written)), false))
		switch {
		case errors.Is(err, ErrFull):
			return written
		case err != nil:
			t.Fatalf("append %d: %v, want ErrFull once there is no room", written, err)
		}
		written++
	}
}

func TestAFullDiskGivesItsReserveToUrgentSteps(t *testing.T) {
	s, small := openSmall(t)
	written := fillUp(t, s)
	if !s.Full() {
		t.Error("the store does not say that the disk is full")
	}
	if _, err := os.Stat(small.Path("teamsbridge.db-reserve")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve: %v, want it given up", err)
	}
	for n := range 20 {
		if err := s.Append(t.Context(), big(consult.InteractionID(fmt.Sprintf("urgent-%d", n)), true)); err != nil {
			t.Fatalf("urgent step %d: %v", n, err)
		}
	}
	err := s.Append(t.Context(), first("waits"))
	if !errors.Is(err, ErrFull) || !errors.Is(err, consult.ErrStorage) {
		t.Errorf("a step that can wait: %v, want ErrFull, which is consult.ErrStorage", err)
	}
	if err := s.PutAgentState(t.Context(), "t", "anja", consult.AgentStatus{Name: consult.StateIdle}); !errors.Is(err, ErrFull) {
		t.Errorf("PutAgentState: %v, want ErrFull", err)
	}
	live, err := s.Live(t.Context())
	if err != nil || len(live) != written+20 {
		t.Errorf("%d interactions, %v; want the %d of before and the 20 urgent ones", len(live), err, written)
	}
}

func TestAReserveThatIsUsedUpRefusesEverythingAndLosesNothing(t *testing.T) {
	s, _ := openSmall(t)
	written := fillUp(t, s)
	urgent := 0
	for ; urgent < 1000; urgent++ {
		err := s.Append(t.Context(), big(consult.InteractionID(fmt.Sprintf("urgent-%d", urgent)), true))
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("a reserve of %d bytes was enough for %d urgent steps of 10,000 bytes", reserveBytes, urgent)
	if urgent == 0 || urgent == 1000 {
		t.Errorf("%d urgent steps were written", urgent)
	}
	if live, err := s.Live(t.Context()); err != nil || len(live) != written+urgent {
		t.Errorf("%d interactions, %v; want %d", len(live), err, written+urgent)
	}
}

func TestRoomThatIsBackIsNoticed(t *testing.T) {
	s, small := openSmall(t)
	fillUp(t, s)
	s.look(t)
	if !s.Full() {
		t.Error("room was seen where there is none")
	}
	small.Limit(-1)
	s.disk.allocate = func(f *os.File, bytes int64) error { return f.Truncate(bytes) }
	s.look(t)
	if s.Full() {
		t.Error("the room was not seen")
	}
	if info, err := os.Stat(small.Path("teamsbridge.db-reserve")); err != nil || info.Size() != reserveBytes {
		t.Errorf("the reserve: %v, %v; want it made again", info, err)
	}
	if err := s.Append(t.Context(), first("waited")); err != nil {
		t.Errorf("a step that had waited: %v", err)
	}
}

// look lets the writer look for room and waits until it has.
func (s *smallStore) look(t *testing.T) {
	t.Helper()
	s.looks <- time.Now()
	if err := s.writer.urgent(t.Context(), func(*tx) (refused, err error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
}

func TestAnUrgentStepDoesNotWaitForTheOnesThatCan(t *testing.T) {
	s, _ := openSmall(t)
	fillUp(t, s)
	waits, urgent, waitsToo := appending(first("waits")), appending(first("urgent")), appending(first("waits, too"))
	urgent.urgent = true
	together(s.Store, waits, urgent, waitsToo)
	for _, c := range []struct {
		op   *write
		want error
	}{{waits, ErrFull}, {urgent, nil}, {waitsToo, ErrFull}} {
		if err := <-c.op.done; !errors.Is(err, c.want) {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
}

func TestADiskWithoutRoomForTheReserveIsFullFromTheStart(t *testing.T) {
	path := disktest.New(t).Path("teamsbridge.db")
	none := func(o *options) { o.disk.allocate = func(*os.File, int64) error { return syscall.ENOSPC } }
	s, err := Open(t.Context(), path, WithReserve(reserveBytes), none)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if !s.Full() {
		t.Error("the store does not say that the disk is full")
	}
	urgent := first("urgent")
	urgent.Urgent = true
	if err := s.Append(t.Context(), urgent); err != nil {
		t.Errorf("urgent step: %v", err)
	}
	if err := s.Append(t.Context(), first("waits")); !errors.Is(err, ErrFull) {
		t.Errorf("a step that can wait: %v, want ErrFull", err)
	}
}

func TestTheReserveTakesItsRoom(t *testing.T) {
	path := disktest.New(t).Path("teamsbridge.db")
	for range 2 { // made once, found the second time
		s, err := Open(t.Context(), path, WithReserve(reserveBytes))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-reserve")
		if err != nil || info.Size() != reserveBytes {
			t.Fatalf("reserve %v, %v", info, err)
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Blocks*512 < reserveBytes {
			t.Errorf("the reserve takes %d bytes of the disk, want %d", stat.Blocks*512, reserveBytes)
		}
	}
}

func TestOneFileIsOneProcessesOwn(t *testing.T) {
	path := disktest.New(t).Path("teamsbridge.db")
	release, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrInUse) {
		t.Errorf("second Lock: %v, want ErrInUse", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = Lock(path)
	if err != nil {
		t.Fatalf("Lock after release: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}
