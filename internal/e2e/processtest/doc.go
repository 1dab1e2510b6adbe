// Package processtest runs the product's real binary, for tests of the whole
// product from outside: it builds it, starts its demo on ports chosen by the
// system, says where it is, and ends it as an operator or as a power cut would.
//
// It imports nothing of the product itself.
package processtest
