package graph

import "context"

// Directory is what the mirror needs of Microsoft Graph. Implementations
// translate every SDK error into the errors of this package.
type Directory interface {
	// DeltaPage reads one page of /users/delta. An empty link starts a full
	// read; otherwise link is a Next or Delta link of an earlier page.
	DeltaPage(ctx context.Context, tenant TenantID, link string) (DeltaPage, error)
	// Person reads one person live. ErrNotFound when there is none.
	Person(ctx context.Context, tenant TenantID, id UserID) (Person, error)
	// FindPeople asks the directory live for people whose name, given name
	// or surname begins with text, listed or not, at most limit of them.
	FindPeople(ctx context.Context, tenant TenantID, text string, limit int) ([]Person, error)
}

// DeltaPage is one page of changes. Exactly one of Next and Delta is set.
type DeltaPage struct {
	People []Person
	Next   string // more pages follow
	Delta  string // the round is complete; ask here for later changes
}

// Counter is a Directory that can count. With it a first reading says how much
// is left.
type Counter interface {
	// CountPeople asks for the number of people of all kinds, about.
	CountPeople(ctx context.Context, tenant TenantID) (int, error)
}

// GroupReader is a Directory that knows groups. It is needed where a [Filter]
// names some.
type GroupReader interface {
	// GroupMembers reads the ids of all members of a group, those of groups
	// inside it too. ErrNotFound when there is no such group.
	GroupMembers(ctx context.Context, tenant TenantID, group string) ([]UserID, error)
}

// LiveSearcher is a Directory that can be searched. It is needed in [ModeLive].
type LiveSearcher interface {
	// SearchPeople asks the directory live, within what Graph can: one
	// request, one page. It returns candidates, listed or not; more is true
	// when there are others.
	SearchPeople(ctx context.Context, tenant TenantID, q LiveQuery) (people []Person, more bool, err error)
}

// NameReader is a Directory that knows under which name people sign in.
type NameReader interface {
	// SignInName reads a person's user principal name live. ErrNotFound when
	// there is no such person.
	SignInName(ctx context.Context, tenant TenantID, id UserID) (string, error)
}

// LiveQuery is a search that Graph can answer. Everything that is set must match.
type LiveQuery struct {
	// Words must each begin a word of the display name, or the given name,
	// surname, job title or department as a whole. They are letters, marks
	// and digits only.
	Words []string
	// Phones are the spellings of one number, of which a business phone must
	// have one, exactly.
	Phones     []string
	Department string // whole
	Role       string // whole
	Limit      int    // 1..999
}
