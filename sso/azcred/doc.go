// Package azcred makes the service's own credentials at Microsoft Entra, by
// azidentity, and says in words what is wrong with them.
//
//	credentials, err := azcred.New(cfg, client)
//	credential, err := credentials.For(tenant) // for Graph; the same one each time
//	attempt := credentials.Try(ctx, tenant)    // does it work, and if not, why?
//
// It is the only package that imports azidentity. It keeps no token itself:
// azidentity caches them, one credential per tenant. [Credentials.Try] always
// asks Entra and never its cache, and what it gets serves the tenant from then
// on, so that consent given a moment ago works at once and not when the old
// token ends.
//
// Errors and attempts carry AADSTS codes and request ids, never tokens, secrets
// or Microsoft's text.
package azcred
