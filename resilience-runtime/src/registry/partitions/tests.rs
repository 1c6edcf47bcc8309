//! Partitions under many names: the work for a newcomer is bounded, and what is taken over is what was unused for longest.

use super::name::hash_of;
use super::partition_state::PartitionState;
use super::partitions::Seen;
use super::pool;
use crate::clock::Tick;
use crate::registry::{Registry, Service};

/// A service with room for so many partitions.
fn service(max_partitions: u32) -> &'static Service {
    let registry: &'static Registry = Box::leak(Box::new(Registry::new()));
    let file =
        format!("[services.svc]\nmax_partitions = {max_partitions}\nbreaker.consecutive_failures = 1\n");
    registry.load_config(&file, "test.toml").expect("it is right");
    registry.service_or_new("svc", || registry.lock().layers("svc").of_service().service_policy())
}

fn use_once(service: &'static Service, name: u32, now: u64) -> Option<&'static PartitionState> {
    let partition = service.lease(&name, || None, Tick(now))?;
    partition.leave();
    Some(partition)
}

#[test]
fn a_newcomer_looks_at_few_places_however_many_are_ill_or_in_use() {
    let service = service(20_000);
    for name in 0..20_000 {
        let partition = service.lease(&name, || None, Tick(1)).expect("there is room");
        if name % 2 == 0 {
            partition.state.breaker.force_open(Tick(1));
            partition.leave();
        }
    }
    let looks = || service.partitions.pool().looks;
    assert_eq!(looks(), 0);
    for name in 20_000..21_000 {
        assert!(use_once(service, name, 2).is_some(), "the broken ones make room where nobody else does");
    }
    assert!(looks() <= 1_000 * pool::LOOKS, "{}", looks());
    assert_eq!(service.partitions.len(), 20_000);
}

#[test]
fn where_all_places_looked_at_are_in_use_the_state_is_that_of_the_service() {
    let service = service(2);
    let [a, b] = [1, 2].map(|name: u32| service.lease(&name, || None, Tick(1)).expect("room"));
    assert!(use_once(service, 3, 2).is_none());
    assert!(std::ptr::eq(use_once(service, 1, 3).expect("it has a place"), a));
    b.leave();
    assert!(std::ptr::eq(use_once(service, 3, 4).expect("the place of the second"), b));
    a.leave();
}

#[test]
fn of_many_places_those_go_first_that_were_not_used_for_long() {
    let service = service(1_000);
    for name in 0..1_000 {
        use_once(service, name, 1);
    }
    // A hundred are used again and again, wherever they lie.
    let hot: Vec<u32> = (0..1_000).step_by(10).collect();
    for round in 0..2_000_u32 {
        use_once(service, 1_000 + round, u64::from(2 + round));
        let hot = hot[round as usize % hot.len()];
        use_once(service, hot, u64::from(2 + round));
    }
    let kept = hot.iter().filter(|&&name| {
        let hash = hash_of(&service.partitions.hasher, &name);
        service.partitions.find(hash, &name, Tick(9), &mut Seen::default()).is_some()
    });
    assert_eq!(kept.count(), hot.len());
}

#[test]
fn threads_that_come_with_the_same_names_share_places_and_lose_none() {
    let service = service(8);
    std::thread::scope(|scope| {
        for thread in 0..4_u32 {
            scope.spawn(move || {
                for round in 0..20_000_u32 {
                    let name = (round * 7 + thread) % 24;
                    use_once(service, name, u64::from(round));
                }
            });
        }
    });
    let pool = service.partitions.pool();
    assert_eq!(pool.made.len(), 8);
    assert!(pool.made.iter().all(|owned| !owned.partition.is_used()));
    let entered: usize = service.partitions.by_hash.iter().map(|bucket| bucket.len()).sum();
    assert_eq!(entered + pool.free.len(), 8, "each place is free or somebody's");
}
