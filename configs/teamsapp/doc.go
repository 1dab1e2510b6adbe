// Package teamsapp writes the package that an organisation's administrator
// uploads to Teams: a zip of a manifest, its German words and two icons, for one
// host and one app registration.
//
// Invariants: the manifest names that host and no other, and asks for nothing
// but who the person is (single sign-on). The same input gives the same bytes, so that an
// unchanged app is not an update. The app's name does not hold the word Teams,
// which Microsoft keeps for itself.
//
// It does not upload anything and registers nothing at Microsoft; docs/teams-admin.md
// tells what to do with the file. The icons' sources are the SVG files beside them.
package teamsapp
