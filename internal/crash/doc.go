// Package crash kills the real binary in mid-work, again and again, and holds
// what is there afterwards against what was answered before.
//
// Agents, experts, customers and a supervisor do random things to many calls
// over HTTP, lines die and the telephone network fails, delays or stays silent;
// at a random moment the process gets SIGKILL and is started again on the same
// folder. What must hold is told in docs/crash.md. check_test.go collects the
// evidence, judge_test.go judges it, and judge_wrong_test.go shows that the
// judge finds every kind of wrong.
//
//	go test ./internal/crash -v                          # a few kills, with its report
//	go test ./internal/crash -v -kills 200 -seed 42      # many
//
// A power cut is not a kill: what the disk has lost then is the subject of
// store/sqlite's tests.
package crash
