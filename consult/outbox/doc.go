// Package outbox carries a switch's events to the engine, which may be slow:
//
//		switch, its mutex held ── Put ──► queue ── Events ──► engine
//
//	  - Put never waits, so that a switch may tell while it holds its mutex, and
//	    the engine may call the switch while it is told.
//	  - Events come in the order in which they were put, none of them twice.
//	  - What somebody waits for comes at once. What nobody waits for ([Outbox.PutSoon])
//	    comes together with others: the engine journals in one write what it hears
//	    in one moment, and a write costs the same however much is in it.
//	  - The queue has no bound: an event that is lost is a leg that nobody ends. It
//	    is as long as the engine is behind, and that is bounded by the calls that
//	    a switch takes.
//	  - After Close nothing more is delivered; what was queued is dropped. The
//	    engine learns at its next start from the switch itself what is there.
package outbox
