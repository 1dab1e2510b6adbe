package main

import (
	"context"
	"sync"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// tellSizes tells the budget how many people each organisation has, by which
// Microsoft measures what it grants, until ctx ends.
func tellSizes(ctx context.Context, tenants []graph.Tenant, experts *graph.Experts, limits *budget.Budget) error {
	var all sync.WaitGroup
	for _, tenant := range tenants {
		news, stop := experts.Subscribe(tenant.ID)
		all.Go(func() {
			defer stop()
			for {
				if s := experts.Status(tenant.ID); s.Ready {
					limits.SetPeople(string(tenant.ID), s.People)
				}
				select {
				case <-ctx.Done():
					return
				case <-news:
				}
			}
		})
	}
	all.Wait()
	return nil
}
