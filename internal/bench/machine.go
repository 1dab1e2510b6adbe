package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine says what the figures were measured on.
func machine() string {
	return fmt.Sprintf("%s, %d processors%s, %s %s/%s", processor(), runtime.NumCPU(), load(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// processor is the model's name, where the system tells.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// load is how busy the machine was, where the system tells: a figure from a
// busy machine is worth less.
func load() string {
	averages, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(averages))
	if len(fields) < 2 {
		return ""
	}
	return " (load " + fields[1] + " in the last five minutes)"
}
