// Package porttest gives tests ports that stay theirs while nobody listens there:
// for a program that has to be told its port, and for a service that comes back
// at the address that it had. A port that the system chose (0) is anybody's again
// as soon as it is closed.
package porttest
