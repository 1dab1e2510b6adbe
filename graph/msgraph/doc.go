// Package msgraph reads Microsoft Graph through Microsoft's own SDK.
//
// It is the only package that imports msgraph-sdk-go: that SDK's models cost
// minutes of compilation, and none of its types crosses this surface. Request
// builders are made per call (sharing one between goroutines corrupts a map),
// and the middleware list is this package's own (the SDK's default order is
// random per client).
//
// It caches nothing and retries only what package doc comments say.
package msgraph
