package sip

import (
	"context"
	"errors"
	"time"

	"teamsbridge/consult/reserve"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/ua"
)

const (
	codeTries = 3
	codeWait  = 15 * time.Second // for the next key, the voice included
)

// askCode lets a voice ask for the code of a reservation until it is right, at
// most three times.
func (v *visit) askCode(ctx context.Context) (*reserve.Call, error) {
	for range codeTries {
		code, err := v.keys()
		if err != nil {
			return nil, err
		}
		reserved, err := v.owner.reservations.Claim(ctx, v.number, code)
		if !errors.Is(err, reserve.ErrNone) {
			return reserved, err
		}
	}
	return nil, reserve.ErrNone
}

// keys asks once, and reads what is pressed until it is as long as a code, # ends
// it, or nothing more comes. * begins anew.
func (v *visit) keys() (string, error) {
	voice := v.caller.stream.Play(v.owner.prompts.Sound(media.PromptCode, v.owner.config.Language))
	defer voice.Stop()
	wait := time.NewTimer(codeWait)
	defer wait.Stop()
	var code []byte
	for len(code) < reserve.CodeDigits {
		select {
		case digit, open := <-v.caller.stream.Digits():
			if !open {
				return "", ua.ErrWithdrawn
			}
			voice.Stop()
			wait.Reset(codeWait)
			switch {
			case digit.Key == '#':
				return orNothing(code), nil
			case digit.Key == '*':
				code = code[:0]
			case digit.Key >= '0' && digit.Key <= '9':
				code = append(code, digit.Key)
			}
		case <-v.caller.arrival.events:
			return "", ua.ErrWithdrawn
		case <-wait.C:
			return orNothing(code), nil
		case <-v.owner.closing:
			return "", ErrClosed
		}
	}
	return string(code), nil
}

// orNothing is a code that is none where nothing was entered: an empty one means
// that none was asked for.
func orNothing(code []byte) string {
	if len(code) == 0 {
		return "-"
	}
	return string(code)
}
