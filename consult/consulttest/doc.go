// Package consulttest is the contract that every [consult.Switch] keeps.
//
// A back-end joins with one test that hands over a [Rig]: the switch, and the
// hands that play the people at the far ends. [Run] gives every check a fresh,
// idle rig. Capabilities that a switch may lack ([consult.Answerer]) are checked
// only where the switch has them.
//
// No check waits for "nothing happens" by the clock: after something that must
// stay silent it asks for something that must be told, and that has to come first.
package consulttest
