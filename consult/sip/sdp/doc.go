// Package sdp agrees with a far end on one audio stream: offer and answer of
// RFC 3264, in descriptions of RFC 8866, for G.711 with telephone-events
// (RFC 4733), plain (RTP/AVP) or encrypted with keys in the description
// (RTP/SAVP, SDES of RFC 4568 with AES_CM_128_HMAC_SHA1_80).
//
//	Session ── Offer ──► their answer ── Accept ──► Negotiated
//	their offer ── Answer(…, Session) ──► our answer, Negotiated
//
// The package is pure: no sockets, no clock, no state. What a dialog has to
// remember is the body it sent last ([Session.Sent]): from it the next
// description takes the session's id and its version, which rises only when
// something changed (RFC 3264, section 8).
//
// # What always holds
//
//   - One audio stream. Further streams of an offer (video, second audio, fax)
//     are declined with port 0, in their place and order.
//   - An answer repeats the offer's payload types and crypto tag, and names one
//     codec: the far end cannot change its mind in the middle of a call.
//   - Where encryption is [Required], neither a plain offer nor a plain answer
//     is taken, even with a=crypto lines in it. Encryption is never promised
//     with a key that is missing.
//   - Attributes that are not understood are ignored; so are crypto lines with
//     other suites, with several keys, or with parameters that change the
//     packets. Lifetimes are read but not enforced: 2^31 packets of 20 ms are
//     497 days.
//   - A hold in any spelling (sendonly, recvonly, inactive, address 0.0.0.0 or
//     ::) sets [Negotiated.Held]; the port stays. What we wish does not change
//     by it: our own hold is music in an unchanged stream, since Microsoft's
//     trunks understand no other.
//   - What is refused is a [*RefusedError] with the SIP status and warning code
//     for it. Keys are in no error and no log ([Key] redacts itself).
//
// It does not resolve names in c= lines, speak ICE or DTLS-SRTP, or bundle.
package sdp
