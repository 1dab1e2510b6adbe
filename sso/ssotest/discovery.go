package ssotest

import (
	"net/http"
	"net/url"
)

// discover serves the v2.0 metadata of a tenant, or the template of any.
func (e *Entra) discover(w http.ResponseWriter, r *http.Request) { e.writeMetadata(w, r, 2) }

// discoverV1 serves what v1.0 tokens are checked by.
func (e *Entra) discoverV1(w http.ResponseWriter, r *http.Request) { e.writeMetadata(w, r, 1) }

func (e *Entra) writeMetadata(w http.ResponseWriter, r *http.Request, version int) {
	realm, err := e.realm(r.PathValue("tenant"))
	if err != nil {
		e.writeRefusal(w, r, err)
		return
	}
	name, issued := realm.path, "{tenantid}"
	if !realm.any() {
		name, issued = realm.tenant.ID, realm.tenant.ID
	}
	issuer := e.issuer(issued)
	if version == 1 {
		issuer = e.issuerV1(issued)
	}
	pages, rest := e.options.PlainURL+"/"+name, e.options.TLSURL+"/"+name
	e.stamp(w, r)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                pages + "/oauth2/v2.0/authorize",
		"end_session_endpoint":                  pages + "/oauth2/v2.0/logout",
		"token_endpoint":                        rest + "/oauth2/v2.0/token",
		"jwks_uri":                              rest + "/discovery/v2.0/keys",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"scopes_supported":                      openIDScopes,
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic", "private_key_jwt"},
		"code_challenge_methods_supported":      []string{"S256"},
		"request_uri_parameter_supported":       false,
		"http_logout_supported":                 true,
		"frontchannel_logout_supported":         false,
		"cloud_instance_name":                   "simulated",
		"claims_supported": []string{
			"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "oid", "roles", "email",
		},
	})
}

// publishKeys serves the signing keys. Each names the issuer it signs for, which
// for any tenant is the template.
func (e *Entra) publishKeys(w http.ResponseWriter, r *http.Request) {
	realm, err := e.realm(r.PathValue("tenant"))
	if err != nil {
		e.writeRefusal(w, r, err)
		return
	}
	issuer := e.issuer("{tenantid}")
	if !realm.any() {
		issuer = e.issuer(realm.tenant.ID)
	}
	e.stamp(w, r)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeJSON(w, http.StatusOK, e.keys.keySet(issuer))
}

// discoverInstance tells Microsoft's libraries which hosts are the same cloud:
// this one alone.
func (e *Entra) discoverInstance(w http.ResponseWriter, r *http.Request) {
	asked, err := url.Parse(r.URL.Query().Get("authorization_endpoint"))
	own, ownErr := url.Parse(e.options.TLSURL)
	if err != nil || ownErr != nil || asked.Host != own.Host {
		e.writeRefusal(w, r, refuse(90023, r.URL.Query().Get("authorization_endpoint"), "authorization_endpoint"))
		return
	}
	tenant := pathCommon
	if parts := splitPath(asked.Path); len(parts) > 0 {
		tenant = parts[0]
	}
	e.stamp(w, r)
	writeJSON(w, http.StatusOK, map[string]any{
		"api-version":               "1.1",
		"tenant_discovery_endpoint": e.options.TLSURL + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"metadata": []map[string]any{{
			"preferred_network": own.Host, "preferred_cache": own.Host, "aliases": []string{own.Host},
		}},
	})
}
