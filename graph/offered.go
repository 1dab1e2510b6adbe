package graph

import "errors"

// ErrNotOffered: the cloud of the organisation has no such service, as the
// Chinese one tells no presence. Nobody was asked, and waiting does not help.
var ErrNotOffered = errors.New("graph: not offered by this cloud")
