// Package heapfloor spares a process with a small heap collections that bring
// nothing.
//
// Go's collector runs whenever the heap has doubled. A service that holds 15 MB
// and takes 60,000 steps a second fills as much again twenty times a second, and
// a tenth of its processors goes into looking at the same 15 MB. With a floor the
// heap counts as larger than it is: it is collected when it has grown by the floor
// and its own size. The floor itself is never touched, so it takes no memory; what
// grows in between does, at most as much as the floor. A large heap does not notice it.
//
// GOGC would raise the share for large heaps too, where it costs much memory, and
// GOMEMLIMIT alone says when to collect more often, not when less.
package heapfloor
