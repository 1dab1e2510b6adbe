// Package sip is the switch that carries real calls: customer, agent and expert
// by SIP, each leg's audio ended here.
//
//	customer ──INVITE──► ua ─┐                ┌─ media.Room: who hears whom
//	agent    ◄─INVITE── ua ──┼── Switch ──────┤
//	expert   ◄─INVITE── ua ──┘    │           └─ prompts, music, keys
//	                              ▼
//	                   consult.Engine: events out, Dial/Arrange/Hangup in
//
// It meets [consult.Switch]. Package ua makes and keeps the dialogs, package
// media carries the audio, package sdp agrees on it; here they become legs of
// interactions.
//
//   - A picture of the engine is a picture of the room: no re-INVITE, no REFER and
//     no Replaces go out for hold, swap, conference or transfer.
//   - Whoever is alone in a picture while a telephone rings hears that it does, or
//     what the line says before it is answered. Who calls in is sent nothing before
//     they are answered: their own telephone's ringing tone would stop.
//   - What was dialled once is not dialled again.
//   - A customer's call becomes an interaction when the agent has answered; until
//     the journal holds it, it is told again and the two go on talking.
//   - An expert counts as answered when they pressed 1, where the engine asks for
//     that: a voicemail never does.
//   - A call to a consult number of another contact centre ([Switch.TakeReservations])
//     never becomes an interaction: it is answered when the expert has accepted, or
//     for the code that tells whose it is.
//   - A line that dies is noticed by its silence and by OPTIONS in its dialog, and
//     told as lost, not as hung up.
//   - What is needed to end a leg is stored before its telephone is rung - an agent's,
//     for a customer, in its first moment -, and before the other side can count on the
//     call, so that a later process can end what this one leaves behind.
//   - More calls than can be worked on are refused at the door with 503; what was
//     taken is seen through.
//   - What nobody waits for is told to the engine a moment later, so that much of it
//     is journaled in one write.
//
// It is no registrar, no session border controller and no recorder, and it
// cannot answer a telephone for somebody who accepts on the page
// ([consult.Answerer]): the telephone itself is picked up.
package sip
