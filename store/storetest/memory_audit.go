package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"teamsbridge/audit"
)

// chain is an organisation's audit.
type chain struct {
	audit.Chain
	lines []audit.Line
}

// chain finds an organisation's, the first time an empty one.
func (m *Memory) chain(tenant string) *chain {
	if m.chains == nil {
		m.chains = make(map[string]*chain)
	}
	if m.chains[tenant] == nil {
		m.chains[tenant] = &chain{Chain: audit.Chain{Tenant: tenant}}
	}
	return m.chains[tenant]
}

// AppendAudit seals events into their chains.
func (m *Memory) AppendAudit(ctx context.Context, events []audit.Event) ([]audit.Line, error) {
	err := m.begin(ctx, "AppendAudit")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var lines []audit.Line
	for _, e := range events {
		c := m.chain(e.Tenant)
		if e.Version > 0 && slices.ContainsFunc(c.lines, func(l audit.Line) bool {
			return l.Interaction == e.Interaction && l.Version == e.Version
		}) {
			continue
		}
		l := c.Seal(e)
		c.lines = append(c.lines, l)
		lines = append(lines, l)
	}
	return lines, nil
}

// AuditChains reads how far every chain is.
func (m *Memory) AuditChains(ctx context.Context) ([]audit.Chain, error) {
	err := m.begin(ctx, "AuditChains")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var chains []audit.Chain
	for _, c := range m.chains {
		if c.Sequence > 0 {
			chains = append(chains, c.Chain)
		}
	}
	slices.SortFunc(chains, func(a, b audit.Chain) int { return cmp.Compare(a.Tenant, b.Tenant) })
	return chains, nil
}

// AuditLines reads lines of a chain in order.
func (m *Memory) AuditLines(ctx context.Context, tenant string, after uint64, limit int) ([]audit.Line, error) {
	err := m.begin(ctx, "AuditLines")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var lines []audit.Line
	for _, l := range m.chain(tenant).lines {
		if l.Sequence > after && len(lines) < limit {
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// AuditLinesBefore reads lines of a chain backwards.
func (m *Memory) AuditLinesBefore(ctx context.Context, tenant string, before uint64, limit int) ([]audit.Line, error) {
	err := m.begin(ctx, "AuditLinesBefore")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var lines []audit.Line
	for _, l := range slices.Backward(m.chain(tenant).lines) {
		if (before == 0 || l.Sequence < before) && len(lines) < limit {
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// EraseAudit erases fields of persons.
func (m *Memory) EraseAudit(ctx context.Context, tenant string, erase []audit.Erasure) error {
	err := m.begin(ctx, "EraseAudit")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	lines := m.chain(tenant).lines
	for _, e := range erase {
		for i := range lines {
			if lines[i].Sequence != e.Sequence {
				continue
			}
			if e.Actor {
				lines[i].Actor = nil
			}
			if e.Target {
				lines[i].Target = nil
			}
		}
	}
	return nil
}

// DeleteAudit deletes old lines from each chain's beginning.
func (m *Memory) DeleteAudit(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteAudit")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	deleted := 0
	for _, c := range m.chains {
		for len(c.lines) > 0 && deleted < limit && c.lines[0].At().Before(before) {
			c.First, c.Before = c.lines[0].Sequence+1, c.lines[0].Hash
			c.lines = c.lines[1:]
			deleted++
		}
	}
	return deleted, nil
}
