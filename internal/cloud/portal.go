package cloud

// Portal is the address of the cloud's Microsoft Entra admin center, where an
// admin looks after applications; see "National clouds" at Microsoft Learn.
func (c Cloud) Portal() string {
	switch c.Name {
	case GCCHigh, DoD:
		return "https://entra.microsoft.us"
	case China:
		return "https://entra.microsoftonline.cn"
	}
	return "https://entra.microsoft.com"
}
