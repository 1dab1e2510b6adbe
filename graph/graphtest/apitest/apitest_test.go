package apitest_test

import (
	"testing"

	"teamsbridge/graph/graphtest/apitest"
)

func TestLoads(t *testing.T) {
	d, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range d.Operations() {
		t.Log(o, len(d.Permissions(o)))
	}
}
