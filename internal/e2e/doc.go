// Package e2e tests the product as its users get it: the real binary, started
// as a process, over HTTP only.
//
// It has no code of its own outside tests and imports nothing of the product,
// so that nothing can pass here that does not work for somebody outside.
package e2e
