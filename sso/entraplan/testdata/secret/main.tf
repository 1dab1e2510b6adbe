# Registers the service at Microsoft Entra. Read it first.
# Keep the state: a second apply without it registers a second application.
terraform {
  required_version = ">= 1.5"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }
  }
}

provider "azuread" {
  tenant_id   = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
  environment = "global"
}

resource "azuread_application" "teamsbridge" {
  display_name            = "teamsbridge"
  description             = "Agents of the contact centre consult experts who use Microsoft Teams."
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true

  api {
    requested_access_token_version = 2

    oauth2_permission_scope {
      id                         = "f2e4fb1d-5a3a-4c8b-9a50-6c1d8f3b7a01"
      value                      = "access_as_user"
      type                       = "User"
      enabled                    = true
      admin_consent_display_name = "Use the agent desktop as the signed-in user"
      admin_consent_description  = "Lets Teams and the browser open the agent desktop for the signed-in user. It gives access to nothing at Microsoft."
      user_consent_display_name  = "Use the agent desktop as you"
      user_consent_description   = "Lets Teams and the browser open the agent desktop for you. It gives access to nothing at Microsoft."
    }
  }

  app_role {
    id                   = "3f0c9a52-7b1e-4d0f-8d7c-2e6a1b9c5d11"
    value                = "Agent"
    display_name         = "Agent"
    description          = "Consults experts, transfers calls and wraps up. Needs a row in the agent table too."
    allowed_member_types = ["User"]
    enabled              = true
  }

  app_role {
    id                   = "8a6d2c34-1f95-4b7e-a2c0-5d3f7e8b9c22"
    value                = "Supervisor"
    display_name         = "Supervisor"
    description          = "Reads the calls of the organisation's agents."
    allowed_member_types = ["User", "Application"]
    enabled              = true
  }

  app_role {
    id                   = "c51b7e86-94d3-4a28-b6f1-7e0a2d4c6f33"
    value                = "Admin"
    display_name         = "Admin"
    description          = "Sees what is set up, switches single sign-on and keeps the agent table."
    allowed_member_types = ["User", "Application"]
    enabled              = true
  }

  web {
    homepage_url  = "https://consult.example.com/"
    redirect_uris = ["https://consult.example.com/auth/callback", "https://consult.example.com/auth/consent", "https://consult.example.com/"]
  }

  optional_claims {
    access_token {
      name = "idtyp"
    }
  }

  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000" # Microsoft Graph

    resource_access {
      id   = "37f7f235-527c-4136-accd-4a02d197296e" # openid
      type = "Scope"
    }

    resource_access {
      id   = "14dad69e-099b-42c9-810b-d002981feec1" # profile
      type = "Scope"
    }

    resource_access {
      id   = "df021288-bdef-4463-88db-98f22de89214" # User.Read.All
      type = "Role"
    }

    resource_access {
      id   = "a70e0c2d-e793-494c-94c4-118fa0a67f42" # Presence.Read.All
      type = "Role"
    }
  }

  lifecycle {
    ignore_changes = [identifier_uris] # has the application's id in it, hence a resource of its own
  }
}

resource "azuread_application_identifier_uri" "teamsbridge" {
  application_id = azuread_application.teamsbridge.id
  identifier_uri = "api://consult.example.com/${azuread_application.teamsbridge.client_id}"
}

resource "azuread_application_pre_authorized" "teamsbridge" {
  for_each = toset(["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"]) # Teams

  application_id       = azuread_application.teamsbridge.id
  authorized_client_id = each.value
  permission_ids       = ["f2e4fb1d-5a3a-4c8b-9a50-6c1d8f3b7a01"]
}

resource "azuread_service_principal" "teamsbridge" {
  client_id = azuread_application.teamsbridge.client_id
}

resource "azuread_application_password" "teamsbridge" {
  # Terraform keeps the secret in its state: keep that where the secret may be.
  application_id = azuread_application.teamsbridge.id
  display_name   = "teamsbridge"
  end_date       = timeadd(timestamp(), "4320h")

  lifecycle {
    ignore_changes = [end_date] # else each apply would make another
  }
}

output "credential_client_secret" {
  value     = azuread_application_password.teamsbridge.value
  sensitive = true
}

output "sso_entra_client_id" {
  value = azuread_application.teamsbridge.client_id
}

output "sso_entra_scope" {
  value = "api://consult.example.com/${azuread_application.teamsbridge.client_id}/access_as_user"
}

output "sso_entra_tenants" {
  value = ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"]
}
