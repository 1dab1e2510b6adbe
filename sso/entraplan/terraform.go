package entraplan

import (
	"fmt"
	"strings"

	"teamsbridge/internal/cloud"
)

// environments are hashicorp/azuread's names of the clouds.
var environments = map[string]string{
	cloud.Global: "global", cloud.GCCHigh: "usgovernmentl4", cloud.DoD: "usgovernmentl5", cloud.China: "china",
}

// hcl is text in HashiCorp's language; text/template would add megabytes to the
// binary, because its reflection keeps every method of the Graph models alive.
type hcl struct{ strings.Builder }

// line writes one, indented.
func (h *hcl) line(depth int, format string, args ...any) {
	h.WriteString(strings.Repeat("  ", depth))
	_, _ = fmt.Fprintf(h, format, args...) // a strings.Builder takes everything
	h.WriteByte('\n')
}

// attributes writes name = value, the signs below each other as terraform fmt has them.
func (h *hcl) attributes(depth int, pairs ...string) {
	width := 0
	for i := 0; i < len(pairs); i += 2 {
		width = max(width, len(pairs[i]))
	}
	for i := 0; i < len(pairs); i += 2 {
		h.line(depth, "%-*s = %s", width, pairs[i], pairs[i+1])
	}
}

// resource writes one of the kind; each is called teamsbridge.
func (h *hcl) resource(kind string, body func()) {
	h.line(0, "")
	h.line(0, "resource %s %s {", quoted(kind), quoted("teamsbridge"))
	body()
	h.line(0, "}")
}

// quoted is a literal of HCL: a text in which nothing is computed.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", "$${", "%{", "%%{").Replace(s) + `"`
}

func quotedList(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = quoted(v)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// terraform makes the registration with hashicorp/azuread.
func (p *Plan) terraform() []byte {
	h := &hcl{}
	h.line(0, "# Registers the service at Microsoft Entra. Read it first.")
	h.line(0, "# Keep the state: a second apply without it registers a second application.")
	h.line(0, "terraform {")
	h.line(1, "required_version = %s", quoted(">= 1.5"))
	h.line(1, "required_providers {")
	h.line(2, "azuread = {")
	h.attributes(3, "source", quoted("hashicorp/azuread"), "version", quoted("~> 3.0"))
	h.line(2, "}")
	h.line(1, "}")
	h.line(0, "}")
	h.line(0, "")
	h.line(0, "provider %s {", quoted("azuread"))
	h.attributes(1, "tenant_id", quoted(p.o.Tenant), "environment", quoted(environments[p.cloud.Name]))
	h.line(0, "}")
	p.terraformApplication(h)
	p.terraformParts(h)
	return []byte(h.String())
}

func (p *Plan) terraformApplication(h *hcl) {
	h.line(0, "")
	h.line(0, "resource %s %s {", quoted("azuread_application"), quoted("teamsbridge"))
	h.attributes(1, "display_name", quoted(p.o.Name), "description", quoted(description),
		"sign_in_audience", quoted(p.audience()), "prevent_duplicate_names", "true")
	h.line(0, "")
	h.line(1, "api {")
	h.line(2, "requested_access_token_version = 2")
	h.line(0, "")
	h.line(2, "oauth2_permission_scope {")
	h.attributes(3, "id", quoted(scope.ID), "value", quoted(scope.Value), "type", quoted(scope.Type), "enabled", "true",
		"admin_consent_display_name", quoted(scope.AdminConsentDisplayName), "admin_consent_description", quoted(scope.AdminConsentDescription),
		"user_consent_display_name", quoted(scope.UserConsentDisplayName), "user_consent_description", quoted(scope.UserConsentDescription))
	h.line(2, "}")
	h.line(1, "}")
	for _, r := range roles {
		h.line(0, "")
		h.line(1, "app_role {")
		h.attributes(2, "id", quoted(r.ID), "value", quoted(r.Value), "display_name", quoted(r.DisplayName),
			"description", quoted(r.Description), "allowed_member_types", quotedList(r.AllowedMemberTypes), "enabled", "true")
		h.line(1, "}")
	}
	h.line(0, "")
	h.line(1, "web {")
	h.attributes(2, "homepage_url", quoted(p.origin()+"/"), "redirect_uris", quotedList(p.redirects()))
	h.line(1, "}")
	h.line(0, "")
	h.line(1, "optional_claims {")
	for _, c := range claims.AccessToken {
		h.line(2, "access_token {")
		h.line(3, "name = %s", quoted(c.Name))
		h.line(2, "}")
	}
	h.line(1, "}")
	h.line(0, "")
	h.line(1, "required_resource_access {")
	h.line(2, "resource_app_id = %s # Microsoft Graph", quoted(graphResource))
	for _, permission := range p.permissions {
		h.line(0, "")
		h.line(2, "resource_access {")
		h.attributes(3, "id", quoted(permission.id)+" # "+permission.name, "type", quoted(permission.accessType()))
		h.line(2, "}")
	}
	h.line(1, "}")
	h.line(0, "")
	h.line(1, "lifecycle {")
	h.line(2, "ignore_changes = [identifier_uris] # has the application's id in it, hence a resource of its own")
	h.line(1, "}")
	h.line(0, "}")
}

// terraformParts are what refers to the application.
func (p *Plan) terraformParts(h *hcl) {
	const application, client = "azuread_application.teamsbridge.id", "azuread_application.teamsbridge.client_id"
	uri := `"api://` + p.o.Host + "/${" + client + "}"
	h.resource("azuread_application_identifier_uri", func() {
		h.attributes(1, "application_id", application, "identifier_uri", uri+`"`)
	})
	h.resource("azuread_application_pre_authorized", func() {
		h.line(1, "for_each = toset(%s) # Teams", quotedList(p.cloud.TeamsClients))
		h.line(0, "")
		h.attributes(1, "application_id", application, "authorized_client_id", "each.value", "permission_ids", quotedList([]string{scopeID}))
	})
	h.resource("azuread_service_principal", func() { h.line(1, "client_id = %s", client) })
	p.terraformCredential(h, application)
	h.line(0, "")
	h.line(0, "output %s {", quoted("sso_entra_client_id"))
	h.line(1, "value = %s", client)
	h.line(0, "}")
	h.line(0, "")
	h.line(0, "output %s {", quoted("sso_entra_scope"))
	h.line(1, "value = %s", uri+"/"+ScopeName+`"`)
	h.line(0, "}")
	h.line(0, "")
	h.line(0, "output %s {", quoted("sso_entra_tenants"))
	h.line(1, "value = [%s]", quoted(p.o.Tenant))
	h.line(0, "}")
}
