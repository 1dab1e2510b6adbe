package entraplan

import (
	"strings"

	"teamsbridge/internal/cloud"
)

// azureClouds are the Azure CLI's names of the clouds (az cloud list).
var azureClouds = map[string]string{
	cloud.Global: "AzureCloud", cloud.GCCHigh: "AzureUSGovernment", cloud.DoD: "AzureUSGovernment", cloud.China: "AzureChinaCloud",
}

// script makes the registration with the Azure CLI. What goes into it has been
// checked to be made of letters, digits, dots and hyphens. It can be run again:
// what it registered is remembered in a file beside it and brought up to date.
func (p *Plan) script() []byte {
	return []byte(strings.NewReplacer(
		"@TENANT@", p.o.Tenant, "@HOST@", p.o.Host, "@CLOUD@", azureClouds[p.cloud.Name], "@GRAPH@", p.cloud.Graph,
		"@SCOPE@", ScopeName, "@CREDENTIAL@\n", p.credentialScript(), "@CONFIGURED@", p.configured(),
		"@APPLICATION@", fileApplication, "@PREAUTHORIZED@", filePreAuthorized,
	).Replace(scriptText))
}

const scriptText = `#!/usr/bin/env bash
# Registers the service at Microsoft Entra, or brings its registration up to date.
# Read it first. It needs the Azure CLI, signed in as an Application
# Administrator of the tenant: az login --tenant @TENANT@
set -euo pipefail
cd "$(dirname "$0")"

tenant=@TENANT@
host=@HOST@
graph=@GRAPH@
remembered=registration.txt # object id and client id of what this script made

fail() {
  echo "$*" >&2
  exit 1
}

# Every call names Graph's address: in clouds of governments it is not the CLI's own.
ask() {
  az rest --resource "$graph" --headers Content-Type=application/json --output tsv "$@"
}

[ "$(az cloud show --query name --output tsv)" = @CLOUD@ ] || fail "first: az cloud set --name @CLOUD@"
[ "$(az account show --query tenantId --output tsv)" = "$tenant" ] || fail "first: az login --tenant $tenant"

if [ -s "$remembered" ]; then
  read -r object_id client_id <"$remembered"
  ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body @@APPLICATION@
else
  object_id=$(ask --method POST --url "$graph/v1.0/applications" --body @@APPLICATION@ --query id)
  client_id=$(ask --method GET --url "$graph/v1.0/applications/$object_id?\$select=appId" --query appId)
  echo "$object_id $client_id" >"$remembered"
fi

# The application's own address has its id in it, and Teams can be authorised
# only for a scope that is already there.
ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body "{\"identifierUris\":[\"api://$host/$client_id\"]}"
ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body @@PREAUTHORIZED@

# The application in this tenant: what administrators enable, assign and consent to.
if ! ask --method GET --url "$graph/v1.0/servicePrincipals(appId='$client_id')?\$select=id" --query id >/dev/null 2>&1; then
  ask --method POST --url "$graph/v1.0/servicePrincipals" --body "{\"appId\":\"$client_id\"}" --query id >/dev/null
fi

@CREDENTIAL@
cat <<END

Registered. For the configuration of the service:

sso:
  entra:
    client_id: $client_id
    scope: api://$host/$client_id/@SCOPE@
    tenants: [$tenant]
credential:
@CONFIGURED@

An administrator consents on the service's administration page, or here and now with
az ad app permission admin-consent --id $client_id
END
`
