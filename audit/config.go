package audit

// The values of Config.Stream.
const (
	StreamOff    = "off"
	StreamStdout = "stdout"
	StreamFile   = "file"
)

// Config says where lines are written beside the store.
type Config struct {
	Stream string `koanf:"stream"` // StreamOff, StreamStdout or StreamFile
	File   string `koanf:"file"`   // of StreamFile; lines are added at its end
	// Persons writes the fields of persons into the stream too. What is erased in
	// the store stays in the stream's copies.
	Persons bool `koanf:"persons"`
}

// Problem names the key that is wrong and says why; both empty when none is.
func (c Config) Problem() (key, message string) {
	switch c.Stream {
	case "", StreamOff, StreamStdout:
		if c.File != "" {
			return "file", "is for stream: file"
		}
	case StreamFile:
		if c.File == "" {
			return "file", "name the file that lines are added to"
		}
	default:
		return "stream", "must be off, stdout or file"
	}
	return "", ""
}
