// Package factcache caches the facts of decisions in memory and guarantees that no decision uses a stale fact.
//
// It is an exception, never a pattern. Nothing else in the platform is cached this way, and new code must not copy it:
// use a plain LRU with a short time to live behind a port, or no cache. It exists because every request to every service
// waits for a decision: a cached check costs no database round trip, and a removed right must not be usable for as long
// as a time to live would allow.
//
// The protocol has three parts:
//
//   - [Cache] holds facts by user and tenant while it is valid. It is valid until the time set by [Cache.SetValidUntil].
//   - [Lease] keeps the instance's row in the table leases, listens for notifications of changed rows, and calls
//     [Cache.Invalidate] for each. The cache is valid only while the lease is held.
//   - [Tx] commits a change, sends a numbered barrier through the same notification channel, and returns when every
//     instance with a live lease has acknowledged the barrier. A change is therefore acknowledged to its caller only when
//     no instance can decide by the facts before it.
//
// Triggers of the migrations send the notifications, so no writer can forget them.
package factcache
