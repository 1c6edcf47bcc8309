//! How one call flows, and why it costs what it costs. For those who read or change the code; nothing in here is a
//! promise. What the library achieves is measured in [`performance`](crate::performance).
//!
//! The figures here are nanoseconds and instructions per call on the machine of that page. They show what an
//! alternative cost beside what was taken. On other machines they differ; the order mostly does not.
//!
//! # One call that succeeds
//!
//! With every pattern on, such a call took about 1,000 instructions before the design below. It goes from top to
//! bottom:
//!
//! | step | file | what it touches |
//! | --- | --- | --- |
//! | the site knows its service and its settings | `registry/site.rs`, `registry/interner.rs` | loads only; nobody but reloads writes there |
//! | the future of the attempt is polled | `call/attempt.rs` | itself |
//! | shedding; the breaker's leave | `call/engine/poll_guard.rs` | two words that all threads read |
//! | first reading of the clock | `call/engine/fast/attempt.rs`, `clock.rs` | |
//! | the thread finds its parts; a seat; the call is counted | `call/engine/fast/attempt.rs`, `counting/shard.rs`, `registry/live.rs` | a thread-local number, two pointers, a word that all threads read, a pocket and a counter of its own |
//! | the context goes in | `call/context.rs` | three words, thread-local |
//! | **the body** | | |
//! | the context comes out; second reading of the clock | `call/engine/poll_guard.rs` | |
//! | vote, seat, deposit, counters, latency | `call/engine/fast/attempt.rs`, `monitor/` | parts of the thread's own |
//!
//! A body that has to wait arms a timer (`timer/`), in an entry that the thread has to itself, and what the attempt
//! holds lies in the future of the function meanwhile (`call/engine/fast/call.rs`).
//!
//! Nothing is allocated, no lock is taken, and no name is looked up. No cache line is written that another thread
//! writes, as long as the calls that a thread has in flight vary by no more than its pocket holds, eight seats at
//! most. Two steps are atomic read-modify-writes, both on the pocket of the thread.
//!
//! # What was taken, and what lost
//!
//! **Compiled once.** What depends on the types of a function polls its body, and asks before and after: for a
//! guard, and what follows from the result. Both are calls of functions without type parameters. The
//! alternative, a generic engine inside each annotated function, costs compile time and code for each, and a path that
//! the processor has to load and predict anew at each site. Another, the body behind a `&mut dyn FnMut` in one
//! function that does all, saves one call and loses more: the result goes through memory, and whatever is needed after
//! the body has to be kept in that function's frame. What is rare is out of line or `#[cold]`, and called last where it can
//! be, so that nothing has to be remembered beyond it.
//!
//! **Nothing is made of a call that is over at once.** What such a call holds lies on the stack, in a guard that
//! knows what to do when the body panics. A full call took 110 instructions more, to fill it in and
//! to find out at the end that it holds nothing. One whose body waits, or that retries at once, keeps six words
//! (`call/engine/fast/call.rs`). A full call (`call/engine/full/call.rs`) is for everything else. A test makes thousands of calls in both ways
//! and compares all that can be seen of them.
//!
//! **A retry that is due at once begins with the decision for it.** It keeps the place of the attempt before under the
//! cap on retries, which spares two atomic steps, and goes through no admission. If it does not get all that it
//! needs, its call becomes a full call, and it is admitted there.
//!
//! **Asked once, about everything.** Where settings come into force, those of a site and of its service make *terms*
//! (`policy/terms.rs`), with one `bool` for each thing that a call asks. A first attempt takes the *fast path* if nothing stands
//! in its way. If something does, nothing has been changed, and admission asks everything again. So the fast path
//! carries no reasons, which the alternative, one path with an early return for each refusal, had to. In the same way
//! a success that only counters have to hear of is booked in one go, and any other goes the long way.
//!
//! **Compact state.** A call lies in the future of the annotated function for as long as that runs. What only some
//! calls need, and only while they wait (a turn, a place in a queue, a delay), is in one box: who waits for
//! milliseconds can afford an allocation. What a full call holds (a permit, a receipt, nothing) is one enum and not
//! three options. A permit does not know whom it is for; whoever closes it does. Each hop of the user's future
//! through an `async fn` would store it twice (a body of 1.0 KB became 3.1 KB), so `Attempt` is a future by hand
//! that polls it in place.
//!
//! **Nothing is copied that has just been written.** A processor reads from a store that is still under way only if the
//! store covers all that is read; otherwise it waits for it, 4 to 5 ns each time. Fields that are written one by one and
//! then copied together are that case. So the guard is filled in where it lies, handed on by reference and forgotten in
//! place, and what is read back is read as it was written.
//!
//! **The order of clock and atomic steps.** The processor reads its counter while an atomic step is under way, but one
//! atomic step waits for the other. So the first reading comes before the seat is taken, and the seat goes back before
//! the counters are written: the other way round, the last step of one call and the first of the next met, for 4 ns.
//!
//! **Parts of threads.** A relaxed atomic addition takes 5 ns alone and 8 and more when two threads do it,
//! depending on how far apart their cores are. A plain load and store to a cell that one thread owns takes 0.6. So
//! each of the first 4,096 threads alive owns a number (`Slot`), and each service keeps, for each number that ever
//! came, one part with votes, deposits and pocket (`registry::service::ThreadShard`) and one with counters. Both are looked
//! up once in a call. So is the proof of ownership (`Own`), which spares the question in every addition. Counting a
//! call went from 85 instructions to 28. The parts of the first 64 are at hand in the
//! service, those of others a pointer away; threads beyond the last number share one part and pay for atomic additions. Who
//! reads adds up all parts; that is for dashboards and for breakers that may be about to open, and may cost more.
//!
//! **One word for the breaker.** State and generation are packed into a `u64`. To admit is one load and one test.
//! To vote is to compare the word with the one at admission, so a result of an earlier state has no vote. The
//! alternative, a state machine in a mutex, takes 10 ns for each lock that nobody else wants, twice in a call.
//!
//! **Tallies without a division.** Which slice of a window a moment lies in is a division by a number that is known
//! at run time only. The owner of a tally remembers the bounds of the slice it counted in last, and divides when
//! the moment lies outside. Nothing is ever cleared: a count carries the tag of its slice, and under another tag it
//! is dead. Admission and vote together went from 145 instructions to 93. A ring of results, which `window = 100`
//! still uses because it keeps exactly the last hundred, is a lock and a shared write for each of them.
//!
//! **Successes do not look.** Only a failure, a slow call or a timeout can open a breaker, so a fast success adds
//! one to its tally and that is all. After a look at the window, failures are counted down to the first that could
//! open it (`breaker/evidence/patience.rs`): an outage does not add up all threads for each failure.
//!
//! **Pockets of the bulkhead.** One word says how many seats are taken. To take a seat there and give it back was
//! 17.8 ns on one thread and 157 ns on two, that is 0.23 times the throughput. Now a thread puts the seat that it
//! gives back into a pocket of its own and takes it out of there: 18 ns on one thread and on two, 1.95 times the
//! throughput. When the word is full or somebody is to wait, all pockets are emptied into it, so no pocket keeps a
//! seat from somebody who wants it. The argument that this is right is in `bulkhead/aside.rs`; models go through
//! every order of the steps of two and three threads. Two alternatives lost: a semaphore (24 ns, and a shared word as
//! well), and seats divided evenly among threads, which turns calls away while other threads have free seats.
//!
//! **Budget.** A deposit is an addition in the part of the thread. What deposits are worth is worked out by the
//! next retry, under a lock that only retries take. A bucket that every call writes would be one more shared line.
//!
//! **Clock.** Two readings in a call, of the time-stamp counter: 10 ns each, where `Instant::now` takes 23. The
//! steps of the counter are scaled with a shift that is known when this is compiled, which halves the instructions
//! of a reading. Where a call has no time of its own and only a slice of a window is asked for, it goes by a reading
//! that a thread repeats 50 times a second (`recent.rs`): a load. That does not tell a microsecond from ten
//! milliseconds, so nothing else goes by it. A breaker without statistics went from 22 ns to 11, and two failed attempts
//! from 122 to 93.
//!
//! **Context.** What a call tells the calls inside it is three words of plain numbers in a thread-local cell
//! without a destructor, swapped around each poll of the body. An `enum` among them would be a check in each swap;
//! `tokio::task_local!` costs a reference count and cannot carry an answer back.
//!
//! **Timers.** Nearly all time limits are cancelled, and tokio's `Sleep` is made for timers that fire. To arm and
//! drop one took 311 ns where the table in `timer/` took 20 ns and 118 instructions, in the same run. (On a quieter
//! machine tokio's took 114, and 445 when it had to wake an idle driver; all threads share its lock.) To arm is to
//! store a deadline and a waker in an entry at hand, to cancel is one store, and a thread of its own looks through
//! the entries in use when the earliest deadline comes. The price: that thread, `resilience-timers`, from the first
//! timer on; timers go off up to about a millisecond late; the table keeps as much memory as the most timers that were
//! ever armed at once took, though nobody looks at what is not in use any more. An ordered structure would have to be told of each arming and cancelling. Delays before retries
//! and waits in queues do go off, and are tokio's. With feature `testing` all timers are tokio's, so that paused
//! time drives them.
//!
//! **Interned settings.** Settings are kept once for each content and never freed, so a call holds plain
//! references. With them lie the numbers that follow from them (`policy/rules.rs`): a deadline in nanoseconds, the
//! length of a slice, whether a success concerns anything but the window. The alternatives: `ArcSwap` at 13 ns for
//! each load, and a shared reference count for whoever keeps what it loaded; or a lookup by name, 19 ns. A pointer
//! that was never turned does not even go to the table: what it was made with lies beside it.
//!
//! **Nothing counted.** With `enable_global_metrics = false` a call on the fast path has no counters. Any other adds
//! to some that nobody reads, which costs less than asking at each whether to add. Whether it is counted is settled when it begins, so that a switch
//! while it runs leaves no call that started and never ended. A call that has nothing but attempts to make does not
//! even read the clock then (`Way::Bare` in `call/engine/poll_guard.rs`).
//!
//! **Parts on demand.** A part is made when a thread first calls a service; until then it is one pointer, and what
//! is off has no array of pointers. An idle service went from 9.7 KB to 4.2 KB, settings included, and a partition
//! from 7.0 KB to 3.0 KB (`./bench memory`).
//!
//! # What costs more
//!
//! Off until written, or rare; such a call leaves the path above.
//!
//! * A body that has to wait: a timer, and when it comes back another look for the parts of the thread, which may
//!   be another one. A call inside another call, or of a partition, takes the complete path from the start; a nested
//!   one also asks what its site found out the last time.
//! * A window that counts calls: a lock and a shared write for each result. `consecutive_failures`: a look at a
//!   word that failures write.
//! * A bulkhead of fewer than 16 seats, or with an adaptive limit: no pockets, and so a word that all threads
//!   write, twice in a call.
//! * `rate_limit`: a word that all threads write, as each call has to find its place after every other: a load and a
//!   compare-and-swap. Without a bulkhead or a throttle beside it, a call that need not wait stays on the path above
//!   otherwise; who has to wait takes the lock of a queue. A limiter of a crate lost: it gives turns in advance, so that
//!   who is dropped takes one along, or has all that wait race for each.
//! * `throttle`: a tally of its own and a random number.
//! * `partition`: a lookup in a concurrent map, and writes that all calls of the partition share.
//! * A handle: nothing else, once it is bound. A call that has a deadline or a priority of its own is a full call from the
//!   start. `resilient_call`: a lookup of its site by service and place.
//! * `hedge`: the body is in a box, so that copies can be. `attempt_timeout = adaptive(…)` and hedging by quantile:
//!   a second histogram, of the last minute.
//! * `cache`: each `Ok` is cloned into it; with `ReadThrough` it is asked first. `redirect` and `fallback`: a
//!   larger future, until they are needed.
//! * A failure: its error is searched for a type that we know, where it has no `Classify`; the retry takes the lock
//!   of the budget, and both are events for `tracing`.
//!
//! # Rules for whoever changes this
//!
//! * **`Slot`, `Own` and `&Part` must not outlive a poll.** The next poll, or the drop, may be on another thread,
//!   and two threads that add to one part with plain loads and stores lose additions. The compiler does not see it:
//!   all three are `Copy` and `Send`. Ask anew in each poll and in each `drop`, and never keep one in a future.
//! * **No `Duration` on the path of a success.** To make one is a division. `Tick::nanos_since` and the numbers of
//!   `policy/rules.rs` are for that path; any other division is as unwelcome.
//! * **Two readings of the clock.** Hand the `Tick` on.
//! * **What is written often must not share a cache line with what is read often.** Kept apart are: what attempts
//!   read of a breaker from what failures write (`Breaker`, tested); the word of a bulkhead from everything else;
//!   the parts of threads from one another; the entries of timers from one another, and from the word that says
//!   when to look at them; in `Counters`, what a success adds to from what is rare (tested). `CachePadded` stands
//!   for a pair of lines where processors fetch pairs.
//! * **Look before you write.** A word that is mostly right already, such as `pockets` or `Streak`, is read first,
//!   so that its line stays in all caches.
//! * **A new thing that each call has to ask becomes a flag** of `Terms`, worked out where settings are interned. A
//!   call asks for one `bool`, and leaves the path where it is set.
//! * **What an attempt holds is in one place**, given back once: in a `FastAttempt` on the stack, in a `FastCall`, or in
//!   the permit of a full call. Each is made of the one before it, and whoever drops it gives back what it has. Before
//!   foreign code is called, such as a waker, it is noted that there is nothing any more.
//! * **Measure.** `./bench instructions` sees ten instructions on any machine, `./bench wall` needs a quiet one,
//!   and `./bench contention` shows a line that threads share, which nothing else does.
