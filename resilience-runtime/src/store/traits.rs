//! The trait of a store of idempotency records ([`IdempotencyStore`]): the four operations, and what each of their answers means.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::answers::{Claim, Completion, Release, Renewal};
use super::error::StoreError;
use super::record::{Fingerprint, Owner, RecordName};

/// The answer of a store, once it comes.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store that remembers who runs an operation, and what came of it.
///
/// Every operation is one atomic step: no other operation on the record may come between what it reads and what it
/// writes. A read and a write as two steps lets two callers run at once.
///
/// - **Two lifetimes.** A running record lives for its `lease`, a finished one for its `ttl`; neither is ever used for the
///   other. A running record that lives for the `ttl` blocks its key for a day after a crash.
/// - **One clock.** Both lifetimes are counted by the store, from when it carries out the operation. They may be cut to
///   whole milliseconds, never below one. The clock of a caller is not asked.
/// - **The owner is one call.** Not the process or the machine: a process that repeats an operation would overtake itself.
/// - **An operation may be repeated** by its owner, as its first answer may have been lost on the way. A repeated `claim` is
///   granted again, a repeated `complete` is [`Repeated`](Completion::Repeated).
/// - **Running records are never evicted** to make room. A store that is full refuses a `claim`, with an error, and still
///   carries out `renew`, `release` and, if it can, `complete`.
///
/// A future that is dropped gives the answer up: the operation may have been carried out or not. The library drops one when
/// the time of its call is up, so a future must not need more than being dropped. It is polled by a runtime of tokio that
/// the library owns and that lives as long as the program, never by that of a caller. It should end by itself, with an
/// error, within a fraction of a second when the store does not answer: a call without a deadline waits for it.
/// An operation that panics has ended with an error, whether it was carried out or not.
///
/// The suite `testing::idempotency_store_suite` (feature `testing`) checks an implementation.
pub trait IdempotencyStore: fmt::Debug + Send + Sync + 'static {
    /// A short name for metrics and messages, the same for each instance of a program, such as `redis`. It must not
    /// contain passwords, and there should be few different ones.
    fn name(&self) -> &str;

    /// Keeps the records of several programs apart that use one store: it is a part of each [`RecordName`].
    #[expect(clippy::unnecessary_literal_bound, reason = "a store that has one returns it")]
    fn namespace(&self) -> &str {
        ""
    }

    /// What is amiss with the store, so that it may lose records, as far as is known by now: a reason of health of the
    /// services that use it. Asked after each operation, so it must answer at once, with the same words each time.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// Asks for the right to run an operation. In this order:
    ///
    /// 1. no record, or its lifetime is over: a running record of this owner and fingerprint is created, which lives for
    ///    `lease`: [`Granted`](Claim::Granted), with a new token;
    /// 2. the record has another fingerprint: [`Mismatch`](Claim::Mismatch), whether it is running or done, and whoever
    ///    owns it;
    /// 3. the record is done: [`Done`](Claim::Done), also if this owner completed it; how long it is kept does not change;
    /// 4. the record is running and this owner's: it lives for `lease` from now: [`Granted`](Claim::Granted), with the
    ///    token that it has;
    /// 5. it is another's: [`Running`](Claim::Running). Nothing changes.
    ///
    /// # Errors
    ///
    /// Nothing is known of the record: it may have been created. The library releases it later.
    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim>;

    /// Prolongs a lease: the record lives for `lease` from now, if it is running and this owner's. In this order:
    ///
    /// 1. no record, or its lifetime is over: [`Gone`](Renewal::Gone); nothing is created;
    /// 2. another owner's, running or done: [`Lost`](Renewal::Lost);
    /// 3. done, and this owner's: [`Done`](Renewal::Done); how long it is kept does not change;
    /// 4. otherwise [`Extended`](Renewal::Extended).
    ///
    /// # Errors
    ///
    /// The lease may have been prolonged or not.
    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal>;

    /// Stores the result of an operation: `value`, or with `None` that it has ended well and its result cannot be kept. In
    /// this order:
    ///
    /// 1. no record, or its lifetime is over: the record is created as done, with this owner and fingerprint, and lives for
    ///    `ttl`: [`Kept`](Completion::Kept). The lease had run out and nobody else has begun, so the result is of use;
    /// 2. another owner's: [`LostTo`](Completion::LostTo) its holder; nothing changes;
    /// 3. done, and this owner's: [`Repeated`](Completion::Repeated); neither the value nor its lifetime changes;
    /// 4. running, and this owner's: it is done now, has this fingerprint, and lives for `ttl` from now:
    ///    [`Stored`](Completion::Stored).
    ///
    /// # Errors
    ///
    /// The result may have been stored or not. The library repeats it for a while.
    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion>;

    /// Gives up a lease: a record that is running and this owner's is removed, [`Freed`](Release::Freed). Any other stays
    /// as it is, [`NotHeld`](Release::NotHeld).
    ///
    /// # Errors
    ///
    /// The record may have been removed or not; if not, its lease runs out.
    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release>;
}
