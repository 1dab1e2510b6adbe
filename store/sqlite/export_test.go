package sqlite

// GatherFrom makes commits of so many steps busy ones, in which steps only
// arrive.
func GatherFrom(steps int) Option { return func(o *options) { o.gatherFrom = steps } }
