// Package disktest is a disk under SQLite that remembers every write and every
// sync, and that can be full.
//
//	disk := disktest.New(t)
//	s, _ := sqlite.Open(ctx, disk.Path("teamsbridge.db"))
//	disk.Mark(1)                                 // "the first was answered by now"
//	for cut := range disk.Cuts(random, 75) { … } // what a power cut may have left
//
// It stands between SQLite and the operating system's files: a VFS that is
// registered as the default one and hands everything on to the real one. Files
// outside a Disk's folder are not touched.
//
// What a power cut leaves is what was synced before it, and of what was written
// to each file after its last sync any part: nothing, everything, some writes
// and not others, each torn at a sector. Creating and deleting a file count at
// once. It does not model lost directory entries, disks that lie about a sync,
// or damage to what was synced earlier.
//
// It never lives in a production path.
package disktest
