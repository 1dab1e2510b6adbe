// Command teamsbridge lets contact-centre agents consult experts on Microsoft
// Teams.
//
//	teamsbridge serve --config FILE   runs the service
//	teamsbridge demo                  runs it in a simulated world
//	teamsbridge config check FILE     says everything that is wrong with a configuration
//	teamsbridge journal inspect       lists live and damaged interactions; export and discard take one
//	teamsbridge backup FILE           copies the SQLite store while the service runs
//	teamsbridge organizations list    lists organisations; invite lets one consent, offboard deletes what is kept of one
//	teamsbridge audit verify          says whether every line is as it was written; export writes them
//	teamsbridge privacy export        tells all that is stored about a person; erase deletes it
//	teamsbridge teams-app build       makes the app package for Teams
//	teamsbridge entra plan            writes the registration at Microsoft Entra for review
//	teamsbridge admin-code            makes a one-time code for an organisation's first administrator
//	teamsbridge doctor                says what works and what does not, and what to do
//	teamsbridge explain               says why an agent can or cannot reach an expert
//	teamsbridge version
//
// Only wiring lives here: [newApp] puts the packages together in one straight
// line, used by serve, demo and the tests alike.
package main
