//! The whole engine as 64 services with the same settings: the first is everybody's, and with all of them each task
//! has a service of its own. An attribute names its service by a literal, so a macro writes the functions.

use crate::{Batch, LANES};

/// Batches of calls, one function for each service.
pub(super) type Lanes = [fn(u64) -> Batch; LANES];

macro_rules! services {
    ($($lane:ident $ready:tt $pending:tt)+) => {
        $(pub(super) mod $lane {
            use resilience_runtime::comprehensive_retry;

            use crate::ops::{Answer, pending_once, ready as ready_body, repolled};
            use crate::{Batch, Outcome as _};

            // Retry, breaker, budget, bulkhead, attempt timeout, deadline, counters, histogram.
            #[comprehensive_retry(
                $ready,
                max_attempts = 3,
                base_delay = "10ms",
                attempt_timeout = "1s",
                breaker(window = "30s", min_calls = 100, failure_rate = 0.5),
                budget(ratio = 0.1, min_per_second = 10, burst_capacity = 100),
                bulkhead(max_concurrent = 1024, max_queue = 0)
            )]
            async fn full(value: u64) -> Answer {
                ready_body(value).await
            }

            #[comprehensive_retry(
                $pending,
                max_attempts = 3,
                base_delay = "10ms",
                attempt_timeout = "1s",
                breaker(window = "30s", min_calls = 100, failure_rate = 0.5),
                budget(ratio = 0.1, min_per_second = 10, burst_capacity = 100),
                bulkhead(max_concurrent = 1024, max_queue = 0)
            )]
            async fn full_pending(value: u64) -> Answer {
                pending_once(value).await
            }

            pub(in crate::cases) fn ready(calls: u64) -> Batch {
                Box::pin(async move {
                    for round in 0..calls {
                        full(std::hint::black_box(round)).await.must_succeed();
                    }
                })
            }

            pub(in crate::cases) fn pending(calls: u64) -> Batch {
                Box::pin(async move {
                    for round in 0..calls {
                        repolled(full_pending(std::hint::black_box(round))).await.must_succeed();
                    }
                })
            }
        })+

        /// Around a body that is ready.
        pub(super) const READY: Lanes = [$($lane::ready),+];
        /// Around a body that is pending once.
        pub(super) const PENDING: Lanes = [$($lane::pending),+];
    };
}

services! {
    s00 "bench_full_00" "bench_pending_00"
    s01 "bench_full_01" "bench_pending_01"
    s02 "bench_full_02" "bench_pending_02"
    s03 "bench_full_03" "bench_pending_03"
    s04 "bench_full_04" "bench_pending_04"
    s05 "bench_full_05" "bench_pending_05"
    s06 "bench_full_06" "bench_pending_06"
    s07 "bench_full_07" "bench_pending_07"
    s08 "bench_full_08" "bench_pending_08"
    s09 "bench_full_09" "bench_pending_09"
    s10 "bench_full_10" "bench_pending_10"
    s11 "bench_full_11" "bench_pending_11"
    s12 "bench_full_12" "bench_pending_12"
    s13 "bench_full_13" "bench_pending_13"
    s14 "bench_full_14" "bench_pending_14"
    s15 "bench_full_15" "bench_pending_15"
    s16 "bench_full_16" "bench_pending_16"
    s17 "bench_full_17" "bench_pending_17"
    s18 "bench_full_18" "bench_pending_18"
    s19 "bench_full_19" "bench_pending_19"
    s20 "bench_full_20" "bench_pending_20"
    s21 "bench_full_21" "bench_pending_21"
    s22 "bench_full_22" "bench_pending_22"
    s23 "bench_full_23" "bench_pending_23"
    s24 "bench_full_24" "bench_pending_24"
    s25 "bench_full_25" "bench_pending_25"
    s26 "bench_full_26" "bench_pending_26"
    s27 "bench_full_27" "bench_pending_27"
    s28 "bench_full_28" "bench_pending_28"
    s29 "bench_full_29" "bench_pending_29"
    s30 "bench_full_30" "bench_pending_30"
    s31 "bench_full_31" "bench_pending_31"
    s32 "bench_full_32" "bench_pending_32"
    s33 "bench_full_33" "bench_pending_33"
    s34 "bench_full_34" "bench_pending_34"
    s35 "bench_full_35" "bench_pending_35"
    s36 "bench_full_36" "bench_pending_36"
    s37 "bench_full_37" "bench_pending_37"
    s38 "bench_full_38" "bench_pending_38"
    s39 "bench_full_39" "bench_pending_39"
    s40 "bench_full_40" "bench_pending_40"
    s41 "bench_full_41" "bench_pending_41"
    s42 "bench_full_42" "bench_pending_42"
    s43 "bench_full_43" "bench_pending_43"
    s44 "bench_full_44" "bench_pending_44"
    s45 "bench_full_45" "bench_pending_45"
    s46 "bench_full_46" "bench_pending_46"
    s47 "bench_full_47" "bench_pending_47"
    s48 "bench_full_48" "bench_pending_48"
    s49 "bench_full_49" "bench_pending_49"
    s50 "bench_full_50" "bench_pending_50"
    s51 "bench_full_51" "bench_pending_51"
    s52 "bench_full_52" "bench_pending_52"
    s53 "bench_full_53" "bench_pending_53"
    s54 "bench_full_54" "bench_pending_54"
    s55 "bench_full_55" "bench_pending_55"
    s56 "bench_full_56" "bench_pending_56"
    s57 "bench_full_57" "bench_pending_57"
    s58 "bench_full_58" "bench_pending_58"
    s59 "bench_full_59" "bench_pending_59"
    s60 "bench_full_60" "bench_pending_60"
    s61 "bench_full_61" "bench_pending_61"
    s62 "bench_full_62" "bench_pending_62"
    s63 "bench_full_63" "bench_pending_63"
}
