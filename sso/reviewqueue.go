package sso

import "time"

// review is what is known of one sign-in.
type review struct {
	question
	usedAt  time.Time
	askedAt time.Time // zero: never
	heardAt time.Time // when Entra last said something; the first use, before it has
	dueAt   time.Time // when to ask, while it is queued
	index   int       // in the queue, or unqueued
	asking  bool
	answer  chan struct{} // closes with the answer; nil while none is on its way
	over    chan struct{} // closes when it has ended; nil while nobody listens
	ended   *EndedError
}

// unqueued is the index of a sign-in that is not in the queue.
const unqueued = -1

// answered lets those go on who wait.
func (s *review) answered() {
	if s.answer != nil {
		close(s.answer)
		s.answer = nil
	}
}

// reviewQueue is a heap of reviews, what is due first in front.
type reviewQueue []*review

func (q reviewQueue) Len() int           { return len(q) }
func (q reviewQueue) Less(i, j int) bool { return q[i].dueAt.Before(q[j].dueAt) }

func (q reviewQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push is the heap's.
func (q *reviewQueue) Push(x any) {
	s, ok := x.(*review)
	if !ok {
		return
	}
	s.index = len(*q)
	*q = append(*q, s)
}

// Pop is the heap's.
func (q *reviewQueue) Pop() any {
	last := len(*q) - 1
	s := (*q)[last]
	(*q)[last], *q, s.index = nil, (*q)[:last], unqueued
	return s
}
