package graph

import (
	"container/list"
	"sync"
	"time"
)

// recent remembers the newest of what was learnt: at most size of them, for
// life at most.
type recent[K comparable, V any] struct {
	size int
	life time.Duration

	mu    sync.Mutex
	held  map[K]*list.Element // of remembered
	order list.List           // oldest first
}

type remembered[K comparable, V any] struct {
	key   K
	value V
	at    time.Time
}

func newRecent[K comparable, V any](size int, life time.Duration) *recent[K, V] {
	return &recent[K, V]{size: size, life: life, held: map[K]*list.Element{}}
}

func (r *recent[K, V]) put(key K, value V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, ok := r.held[key]; ok {
		r.order.Remove(old)
	}
	now := time.Now()
	r.held[key] = r.order.PushBack(remembered[K, V]{key, value, now})
	for oldest := r.order.Front(); oldest != nil; oldest = r.order.Front() {
		one := oldest.Value.(remembered[K, V])
		if len(r.held) <= r.size && now.Sub(one.at) <= r.life {
			return
		}
		r.order.Remove(oldest)
		delete(r.held, one.key)
	}
}

// get returns what is remembered, and since when.
func (r *recent[K, V]) get(key K) (value V, at time.Time, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held, ok := r.held[key]
	if !ok {
		return value, time.Time{}, false
	}
	one := held.Value.(remembered[K, V])
	if time.Since(one.at) > r.life {
		return value, time.Time{}, false
	}
	return one.value, one.at, true
}

func (r *recent[K, V]) forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if held, ok := r.held[key]; ok {
		r.order.Remove(held)
		delete(r.held, key)
	}
}

// each yields what is remembered, newest first, until yield returns false.
func (r *recent[K, V]) each(yield func(V) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for e := r.order.Back(); e != nil; e = e.Prev() {
		if one := e.Value.(remembered[K, V]); time.Since(one.at) > r.life || !yield(one.value) {
			return
		}
	}
}
