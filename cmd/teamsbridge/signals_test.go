package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
)

func TestFirstSignalStopsAndSecondHurries(t *testing.T) {
	ctx, stop := untilSignalled(t.Context())
	defer stop()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), errSignalled) {
		t.Errorf("cause = %v, want %v", context.Cause(ctx), errSignalled)
	}
	select {
	case <-hurried(ctx):
		t.Fatal("one signal was taken for two")
	default:
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-hurried(ctx)
}

func TestWithoutSignalsNobodyHurries(t *testing.T) {
	if hurried(t.Context()) != nil {
		t.Error("a plain context can be hurried")
	}
}
