// Bench prints the figures of this machine (make bench): it runs the Go
// benchmarks that stand beside the packages, starts the real binary, weighs the
// page, tries many random histories of a call, and sets every figure beside a
// rival or a limit measured in the same run. A figure alone says nothing:
// machines differ, and a shared one differs from minute to minute; the ratio
// stays.
//
// It asserts nothing. docs/benchmarks.md holds what it printed, and where.
package main
