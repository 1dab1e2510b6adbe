// Package cloud is the one table of Microsoft's clouds: where one signs in,
// where Graph is, what its tokens are for, which Teams frames the page, and what
// a cloud does not offer.
//
// Clouds are islands: a token of one is worth nothing in another. An address that
// belongs to none of them is a simulator or a proxy, and whoever meets one does
// without the table.
//
// Sources, read 2026-11: Microsoft Learn, "National clouds" (sign-in), "Microsoft
// Graph national cloud deployments" (Graph, and that presence is in no schema of
// the Chinese one), "Sovereign clouds" of the Teams platform (Teams' addresses),
// "Configure your tab app in Microsoft Entra ID" (Teams' client ids), and each
// cloud's own OpenID metadata (issuers of version 1 tokens).
package cloud
