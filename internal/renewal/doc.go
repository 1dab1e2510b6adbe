// Package renewal serves whatever ends one day and is renewed while the service
// runs: it notices that files were replaced ([Files]), and knows when to remind
// somebody that an end is near ([Reminder]).
//
// Files are compared by content and looked at, not subscribed to: a mounted
// secret is replaced by moving a folder, and an editor or a tool may leave times
// and sizes as they were. A change counts when two looks in a row found the
// same, so that a file is not read while it is being written.
//
// It reads nothing into the contents; what a broken file means is its caller's
// knowledge.
package renewal
