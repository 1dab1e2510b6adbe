package ssotest

import (
	"net/http"
	"strings"
)

func (e *Entra) addPages(mux *http.ServeMux) {}

func splitPath(p string) []string {
	return strings.FieldsFunc(p, func(r rune) bool { return r == '/' })
}
