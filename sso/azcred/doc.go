// Package azcred makes the service's own credentials at Microsoft Entra, by
// azidentity, and says in words what is wrong with them.
//
// It is the only package that imports azidentity. It keeps no token itself:
// azidentity caches them.
package azcred
