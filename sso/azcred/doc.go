// Package azcred makes the service's own credentials at Microsoft Entra, by
// azidentity, and says in words what is wrong with them.
//
//	credentials, err := azcred.New(cfg, deps)
//	credential, err := credentials.For(tenant) // for Graph; the same one each time
//	attempt := credentials.Try(ctx, tenant)    // does it work, and if not, why?
//	err = credentials.Run(ctx)                 // follows a renewed certificate, reminds of the end
//
// Of the kinds of credential a certificate, a workload identity and a managed
// identity are one mechanism: an assertion that is made, read or fetched for each
// token anew ([RFC 7521]). So a renewal needs no restart and loses no cache, and
// the confidential client that acts on behalf of agents shows the same one, as do
// browsers' sign-ins ([Credentials.Assertion]). Only a client secret is a thing
// apart, and comes last; a new one replaces the clients that show it
// ([Credentials.SetClientSecret]).
//
// A renewed certificate is shown to Entra before it replaces the one in use.
// What cannot be read, has ended or is not registered changes nothing and is
// told: in the log, by [Credentials.Problem] and in the metrics.
//
// It is the only package that imports azidentity. It keeps no token itself:
// azidentity caches them, one credential per tenant. [Credentials.Try] always
// asks Entra and never its cache, and what it gets serves the tenant from then
// on, so that consent given a moment ago works at once and not when the old
// token ends.
//
// Errors and attempts carry AADSTS codes and request ids, never tokens, secrets
// or Microsoft's text.
//
// [RFC 7521]: https://www.rfc-editor.org/rfc/rfc7521
package azcred
