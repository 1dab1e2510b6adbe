package sso

import (
	"context"
	"slices"
	"strings"
)

// fill puts the present rows into the table and tells the organisations whose
// rows changed. The caller holds r.mu, or nobody else has r yet.
func (r *Roster) fill(ctx context.Context) {
	rows := make([]Agent, 0, len(r.file)+len(r.kept))
	claimed := make(map[[3]string]bool)
	for _, row := range r.kept {
		rows = append(rows, row)
		for _, claim := range claimsOf(row) {
			claimed[claim] = true
		}
	}
	for _, row := range r.file {
		if _, replaced := r.kept[keyOf(row)]; replaced {
			continue
		}
		if slices.ContainsFunc(claimsOf(row), func(claim [3]string) bool { return claimed[claim] }) {
			r.log.WarnContext(ctx, "agent of the configuration left out: an administrator's row has the same identity or number",
				"agent", row.ID, "tenant", row.Tenant)
			continue
		}
		rows = append(rows, row)
	}
	before, after := r.agents.table.Load(), newAgentTable(rows)
	r.agents.table.Store(after)
	for _, tenant := range changedTenants(before, after) {
		r.watchers.tell(tenant)
	}
}

// claimsOf are what no two rows of an organisation may share. An id that is a
// GUID counts as an object id too: an admin without a row goes by theirs.
func claimsOf(row Agent) [][3]string {
	var claims [][3]string
	claim := func(kind, value string) {
		if value != "" {
			claims = append(claims, [3]string{kind, row.Tenant, value})
		}
	}
	if id := strings.ToLower(string(row.ID)); isGUID(id) {
		claim("person", id)
	}
	claim("person", row.EntraID)
	claim("subject", row.Subject)
	claim("number", row.Number)
	return claims
}

// changedTenants are the organisations whose rows differ; none for a first table.
func changedTenants(before, after *agentTable) []string {
	if before == nil {
		return nil
	}
	var changed []string
	for tenant, rows := range after.byTenant {
		if !slices.EqualFunc(rows, before.byTenant[tenant], Agent.equal) {
			changed = append(changed, tenant)
		}
	}
	for tenant := range before.byTenant {
		if _, still := after.byTenant[tenant]; !still {
			changed = append(changed, tenant)
		}
	}
	return changed
}

// equal compares two rows; an empty list and none are the same.
func (a Agent) equal(b Agent) bool {
	return a.ID == b.ID && a.Tenant == b.Tenant && a.EntraID == b.EntraID && a.Subject == b.Subject &&
		a.Name == b.Name && a.Number == b.Number && a.Country == b.Country && a.TimeZone == b.TimeZone && a.Team == b.Team &&
		slices.Equal(a.Queues, b.Queues) && slices.Equal(a.Roles, b.Roles)
}
