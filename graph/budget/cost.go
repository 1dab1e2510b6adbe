package budget

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Workload is a service behind Graph that counts for itself.
type Workload int

// The workloads this service uses.
const (
	Presence  Workload = iota // counted in requests
	Directory                 // counted in resource units
)

const workloads = int(Directory) + 1

func (w Workload) String() string { return [...]string{"presence", "directory"}[w] }

// Cost is what a request takes from its account.
type Cost struct {
	Workload Workload
	Units    int // requests or resource units, at least 1
}

// limit is a number of units in any window of that length.
type limit struct {
	units  int
	window time.Duration
}

// The documented limits. For presence the API's own pages say 1,500 and the
// page of all limits says 10,000 (2025-01-14); the lower one is kept.
const (
	DefaultPresenceRequests = 1500

	presenceWindow  = 30 * time.Second
	directoryWindow = 10 * time.Second
)

// The resource units of a tenant by the number of its people.
const (
	smallTenant, mediumTenant, largeTenant = 3500, 5000, 8000

	mediumFrom, largeFrom = 50, 501
)

// directoryOfAll is what one registration has for the directories of all
// tenants together; for presence no such limit is documented.
var directoryOfAll = limit{150_000, 20 * time.Second}

func unitsFor(people int) int {
	switch {
	case people >= largeFrom:
		return largeTenant
	case people >= mediumFrom:
		return mediumTenant
	}
	return smallTenant
}

// CostOf prices a request to Graph as the documents do: listing users and
// grants is 2 units, everything else 1; $select takes one off, $top below 20
// takes one off, $expand adds one; nothing is less than 1.
func CostOf(r *http.Request) Cost {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	last := segments[len(segments)-1]
	for _, segment := range segments {
		if segment == "communications" || segment == "presence" {
			return Cost{Presence, 1}
		}
	}
	units := 1
	switch last {
	case "users", "oauth2PermissionGrants", "appRoleAssignments":
		units = 2
	case "getByIds":
		units = 5
	}
	query := r.URL.Query()
	if query.Has("$select") {
		if units == 5 {
			units = 2 // documented as such, not as one less
		} else {
			units--
		}
	}
	if top, err := strconv.Atoi(query.Get("$top")); err == nil && top < 20 {
		units--
	}
	if query.Has("$expand") {
		units++
	}
	return Cost{Directory, max(units, 1)}
}
