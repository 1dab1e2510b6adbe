package entraplan

import "teamsbridge/internal/cloud"

// graphResource is Microsoft Graph's application id, the same in every cloud.
const graphResource = "00000003-0000-0000-c000-000000000000"

// permission is one of Microsoft Graph's. The ids are those of Microsoft Learn,
// "Microsoft Graph permissions reference".
type permission struct {
	name string
	id   string
	role bool // an application permission; else a delegated one
	why  string
}

// accessType is what resourceAccess.type says.
func (p permission) accessType() string {
	if p.role {
		return "Role"
	}
	return "Scope"
}

func (p permission) kind() string {
	if p.role {
		return Application
	}
	return Delegated
}

var (
	openID  = permission{name: "openid", id: "37f7f235-527c-4136-accd-4a02d197296e", why: "browsers sign in"}
	profile = permission{name: "profile", id: "14dad69e-099b-42c9-810b-d002981feec1", why: "the name of whoever signed in"}

	readUsers = permission{name: "User.Read.All", id: "df021288-bdef-4463-88db-98f22de89214", role: true,
		why: "name, role, department and business telephone of experts"}
	readPresence = permission{name: "Presence.Read.All", id: "a70e0c2d-e793-494c-94c4-118fa0a67f42", role: true,
		why: "whether experts are free"}
	readMembers = permission{name: "GroupMember.Read.All", id: "98830695-27a2-44f7-8c18-0c3ebc9698f6", role: true,
		why: "who is in the groups that say who is an expert"}

	readUsersFor = permission{name: "User.Read.All", id: "a154be20-db9c-4678-8ab7-66f6cc099a59",
		why: "the same, as the agent who looks may see it"}
	readPresenceFor = permission{name: "Presence.Read.All", id: "9c7a330d-35b3-4aa1-963d-cb2b9f927841",
		why: "whether experts are free, on behalf of the agent who looks"}
)

// needed is what docs/permissions.md says for a mode and a cloud.
func needed(o Options, c cloud.Cloud) []permission {
	users, presence := readUsers, readPresence
	if o.Permissions == Delegated {
		users, presence = readUsersFor, readPresenceFor
	}
	list := []permission{openID, profile, users}
	if c.Presence {
		list = append(list, presence)
	}
	if o.Groups {
		list = append(list, readMembers)
	}
	return list
}
