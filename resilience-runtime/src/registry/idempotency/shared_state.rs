//! Data: what the calls of a registry share that have idempotency keys: the memory store, what is known of stores, and whose keys
//! could be taken for those of another function.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, OnceLock};

use resilience_settings::layers::Finding;

use super::store_set::StoreSet;
use crate::store::{RecordName, RecordNames, Records, SharedValue};
use crate::sync::lock;

/// What is shared by calls with idempotency keys. Made by the first of them.
#[derive(Default)]
pub(in crate::registry) struct Idempotency {
    pub(super) results: OnceLock<Records<SharedValue>>,
    pub(super) stores: Mutex<Vec<&'static StoreState>>,
    pub(super) findings: Mutex<Vec<Finding>>,
    pub(super) was_told_of_early: AtomicBool,
}

/// A store, as its operations found it last.
#[derive(Debug)]
pub(crate) struct StoreState {
    pub(crate) name: &'static str,
    /// It alone.
    pub(crate) alone: StoreSet,
    pub(super) is_away: AtomicBool,
    pub(super) warnings: Mutex<Vec<String>>,
}

/// What the keys of one function are told apart by.
#[derive(Debug)]
pub(crate) struct KeyScope {
    pub(super) scope: String,
    /// Names of records without a namespace.
    pub(crate) names: RecordNames,
    /// Another function has it too.
    pub(crate) is_shared: bool,
    /// The types of receiver and result that the function first ran for.
    pub(super) first: OnceLock<[&'static str; 2]>,
    /// That it runs for others too.
    pub(super) is_told: AtomicBool,
}

impl KeyScope {
    /// The name of the record of a key in a store. Most stores have no namespace; for these, the scope is hashed once.
    pub(crate) fn name(&self, namespace: &str, service: &str, key: &[u8]) -> RecordName {
        match namespace {
            "" => self.names.name(key),
            namespace => RecordName::new(namespace, service, &self.scope, key),
        }
    }
}

impl Idempotency {
    pub(in crate::registry) fn findings(&self) -> Vec<Finding> {
        lock(&self.findings).clone()
    }
}

impl fmt::Debug for Idempotency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idempotency").finish_non_exhaustive()
    }
}
