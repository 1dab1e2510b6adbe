// Package interop shows that the browser sign-in works with OpenID providers
// written by others. It is a module of its own: what those providers need is no
// part of the service's dependencies, and changes no version of them.
//
//	make interop
package interop
