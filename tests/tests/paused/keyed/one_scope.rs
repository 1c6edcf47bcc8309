//! Functions that run for several types with one scope for their idempotency keys: what is told of them, and when.

use resilience_runtime::config::FindingKind;
use resilience_runtime::{comprehensive_retry, registry, testing};

use crate::script::Fault;

trait Bank {
    fn number(&self) -> u32;

    #[comprehensive_retry("idem_types", idempotency(key = key))]
    async fn charge(&self, key: &str) -> Result<u32, Fault> {
        Ok(self.number())
    }

    #[comprehensive_retry("idem_types", idempotency(key = key + self.number(), scope = "banks"))]
    async fn apart(&mut self, key: u32) -> Result<u32, Fault> {
        Ok(self.number() + key)
    }
}

struct North;
struct South;

impl Bank for North {
    fn number(&self) -> u32 {
        1
    }
}

impl Bank for South {
    fn number(&self) -> u32 {
        2
    }
}

struct Client<T>(T);

impl<T> Client<T> {
    #[comprehensive_retry("idem_types", idempotency(key = key))]
    async fn consume(self, key: u32) -> Result<u32, Fault> {
        let Self(_) = self;
        Ok(key)
    }
}

#[comprehensive_retry("idem_types", idempotency(key = key))]
async fn parsed<T: Clone + Default + Send + Sync + 'static>(key: u32) -> Result<T, Fault> {
    Ok(T::default())
}

/// Its arguments may be of any type: what is given again is the same.
#[comprehensive_retry("idem_types", idempotency(key = key))]
async fn open(key: u32, name: impl AsRef<str>) -> Result<usize, Fault> {
    Ok(name.as_ref().len())
}

/// What was found since last asked.
fn found(before: &mut usize) -> Vec<String> {
    let findings = registry().findings();
    let shared = findings.iter().filter(|finding| finding.kind() == FindingKind::SharedScope);
    let found: Vec<_> = shared.skip(*before).map(ToString::to_string).collect();
    *before += found.len();
    found
}

#[tokio::test(start_paused = true)]
async fn the_second_type_that_one_scope_is_used_for_is_told_once() {
    testing::isolated(async {
        let mut before = 0;
        for _ in 0..2 {
            assert_eq!(North.charge("a").await, Ok(1));
        }
        assert_eq!(found(&mut before), [""; 0], "one type has it to itself");
        assert_eq!(South.charge("a").await, Ok(1), "which is the result of the other");
        let told = found(&mut before);
        assert_eq!(told.len(), 1, "{told:?}");
        for part in ["North`", "South`", "`Bank::charge`", "`scope = …`"] {
            assert!(told[0].contains(part), "{part}: {told:?}");
        }
        for _ in 0..2 {
            assert_eq!((South.charge("b").await, North.charge("c").await), (Ok(2), Ok(1)));
        }
        assert_eq!(found(&mut before), [""; 0], "once");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn types_of_receivers_and_results_count_and_those_of_arguments_do_not() {
    testing::isolated(async {
        let mut before = 0;
        assert_eq!((Client("a").consume(1).await, Client("b").consume(2).await), (Ok(1), Ok(2)));
        assert_eq!((open(1, "a").await, open(1, String::from("ab")).await), (Ok(1), Ok(1)));
        assert_eq!(found(&mut before), [""; 0]);
        assert_eq!(Client(0).consume(3).await, Ok(3));
        let told = found(&mut before);
        assert!(told.len() == 1 && told[0].contains("Client<i32>`"), "{told:?}");
        assert_eq!(parsed::<u32>(1).await, Ok(0));
        assert_eq!(parsed::<String>(2).await, Ok(String::new()));
        let told = found(&mut before);
        assert!(told.len() == 1 && told[0].contains("`u32` and for `alloc::string::String`"), "{told:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_scope_that_is_written_is_meant() {
    testing::isolated(async {
        assert_eq!((North.apart(1).await, South.apart(1).await), (Ok(2), Ok(3)));
        assert_eq!(found(&mut 0), [""; 0]);
    })
    .await;
}
