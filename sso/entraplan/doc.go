// Package entraplan writes down what has to be registered at Microsoft Entra for
// this service, to be read before anybody runs it.
//
//	Options ──► New ──► Plan ──► Files: application.json, pre-authorized.json  (Microsoft Graph)
//	                      │             register.sh                           (Azure CLI)
//	                      │             main.tf                               (Terraform)
//	                      │             federated-credential.json             (with CredentialFederated)
//	                      └────► Review: the same in words
//
// It asks nobody and changes nothing. The same options give the same files, byte
// by byte, so that a plan can be kept under version control and compared: ids of
// scope and roles are constants, that of a certificate follows from the certificate.
//
// Invariants:
//   - Least privilege: what is asked for is what docs/permissions.md says, per
//     mode and cloud, and nothing that writes.
//   - No secret in a plan: of a certificate file only the certificate is used,
//     never its key; a client secret, the last choice, is made by whoever registers.
//   - Teams' applications are authorised by a second request, because Graph does
//     not find a scope that the same request makes
//     (microsoftgraph/microsoft-graph-docs#20177).
//
// The sources are Microsoft's reference of the resource type "application" of
// Microsoft Graph v1.0 and of hashicorp/azuread 3.
package entraplan
