// Package logtest keeps what is written while a test reads it: a log, or what
// another process says.
package logtest
