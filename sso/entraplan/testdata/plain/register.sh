#!/usr/bin/env bash
# Registers the service at Microsoft Entra, or brings its registration up to date.
# Read it first. It needs the Azure CLI, signed in as an Application
# Administrator of the tenant: az login --tenant aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee
set -euo pipefail
cd "$(dirname "$0")"

tenant=aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee
host=consult.example.com
graph=https://graph.microsoft.com
remembered=registration.txt # object id and client id of what this script made

fail() {
  echo "$*" >&2
  exit 1
}

# Every call names Graph's address: in clouds of governments it is not the CLI's own.
ask() {
  az rest --resource "$graph" --headers Content-Type=application/json --output tsv "$@"
}

[ "$(az cloud show --query name --output tsv)" = AzureCloud ] || fail "first: az cloud set --name AzureCloud"
[ "$(az account show --query tenantId --output tsv)" = "$tenant" ] || fail "first: az login --tenant $tenant"

if [ -s "$remembered" ]; then
  read -r object_id client_id <"$remembered"
  ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body @application.json
else
  object_id=$(ask --method POST --url "$graph/v1.0/applications" --body @application.json --query id)
  client_id=$(ask --method GET --url "$graph/v1.0/applications/$object_id?\$select=appId" --query appId)
  echo "$object_id $client_id" >"$remembered"
fi

# The application's own address has its id in it, and Teams can be authorised
# only for a scope that is already there.
ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body "{\"identifierUris\":[\"api://$host/$client_id\"]}"
ask --method PATCH --url "$graph/v1.0/applications/$object_id" --body @pre-authorized.json

# The application in this tenant: what administrators enable, assign and consent to.
if ! ask --method GET --url "$graph/v1.0/servicePrincipals(appId='$client_id')?\$select=id" --query id >/dev/null 2>&1; then
  ask --method POST --url "$graph/v1.0/servicePrincipals" --body "{\"appId\":\"$client_id\"}" --query id >/dev/null
fi

echo "still to do: make a certificate and plan again with --certificate service.pem:"
echo "  openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=teamsbridge -keyout key.pem -out cert.pem"
echo "  cat cert.pem key.pem > service.pem && chmod 600 service.pem && rm cert.pem key.pem"
cat <<END

Registered. For the configuration of the service:

sso:
  entra:
    client_id: $client_id
    scope: api://$host/$client_id/access_as_user
    tenants: [$tenant]
credential:
  certificate_file: service.pem

An administrator consents on the service's administration page, or here and now with
az ad app permission admin-consent --id $client_id
END
