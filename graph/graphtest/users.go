package graphtest

// listUsers is GET /users.
func (s *Server) listUsers(c *call) (any, error) {
	return listOf(s, c, userKind, c.sight.users, func() ([]entry[User], error) { return c.directory.everybody(), nil })
}

// countUsers is GET /users/$count.
func (s *Server) countUsers(c *call) (any, error) {
	return countOf(s, c, userKind, c.sight.users, func() ([]entry[User], error) { return c.directory.everybody(), nil })
}

// everybody is who lives, in order of arrival.
func (d *directory) everybody() []entry[User] {
	all := make([]entry[User], 0, len(d.people))
	for _, r := range d.people {
		if r.removed == "" {
			all = append(all, entry[User]{&r.user, r.order})
		}
	}
	return all
}

// showUser is GET /users/{id}, by object id or user principal name, and GET /me.
func (s *Server) showUser(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "format")
	if err != nil {
		return nil, err
	}
	chosen, err := userKind.parseSelect(o["select"])
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := c.directory.findByName(c.id)
	if !ok {
		return nil, notFound(c.id)
	}
	body := userKind.render(&r.user, chosen, c.sight.users)
	body["@odata.context"] = c.context("users", o["select"]) + "/$entity"
	return body, nil
}
