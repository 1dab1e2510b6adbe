// Package g711 codes audio by ITU-T G.711: 8000 samples a second, one byte
// each, in A-law (RTP's PCMA) or µ-law (PCMU). Both ways are table look-ups.
//
// The decoders follow the Recommendation's tables 1a to 2b. The encoders are
// made from them: a sample becomes the code whose value is nearest, which is
// what the Recommendation's decision values say.
package g711
