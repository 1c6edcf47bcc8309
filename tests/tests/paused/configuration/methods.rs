//! Methods of one name in one module are told apart by their types.

use resilience_runtime::registry::Site;
use resilience_runtime::{comprehensive_retry, registry, resilient_service, testing};

use crate::script::{Fail, Fault, Script};

struct Reads;
struct Writes<T>(T);

impl Reads {
    #[comprehensive_retry("of_methods", base_delay = 0)]
    async fn go(&self, script: &Script) -> Result<u32, Fault> {
        script.step().await
    }
}

#[resilient_service("of_methods", base_delay = 0)]
impl<T: Sync> Writes<T> {
    async fn go(&self, script: &Script) -> Result<u32, Fault> {
        let _ = &self.0;
        script.step().await
    }
}

trait Goes {
    async fn gone(&self, script: &Script) -> Result<u32, Fault>;
}

impl Goes for Reads {
    #[comprehensive_retry("of_methods", base_delay = 0)]
    async fn gone(&self, script: &Script) -> Result<u32, Fault> {
        script.step().await
    }
}

impl<T: Sync> Goes for Writes<T> {
    #[comprehensive_retry("of_methods", base_delay = 0)]
    async fn gone(&self, script: &Script) -> Result<u32, Fault> {
        script.step().await
    }
}

#[comprehensive_retry("of_methods", base_delay = 0)]
async fn go(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn an_override_of_a_method_is_for_its_type() {
    testing::isolated(async {
        let here = module_path!();
        let paths: Vec<String> = resilience_runtime::inventory()
            .into_iter()
            .filter(|site| site.service() == "of_methods")
            .map(Site::path)
            .collect();
        let expected = ["Reads::go", "Writes::go", "Reads::gone", "Writes::gone", "go"];
        assert_eq!(paths, expected.map(|path| format!("{here}::{path}")));
        let text = format!(
            "[overrides.\"of_methods@{here}::Writes::go\"]\nmax_attempts = 5\n\
             [overrides.\"of_methods@{here}::Reads::gone\"]\nmax_attempts = 2\n\
             [overrides.\"of_methods@{here}::go\"]\nmax_attempts = 1\n"
        );
        let findings = registry().load_config(&text, "test.toml").expect("a good file");
        assert!(findings.iter().all(|finding| finding.service() != "of_methods"), "{findings:?}");
        let script = || Script::new([Fail(Fault::Down)]);
        let (reads, writes, reads_gone, writes_gone, alone) =
            (script(), script(), script(), script(), script());
        let _ = Reads.go(&reads).await;
        let _ = Writes(1).go(&writes).await;
        let _ = Reads.gone(&reads_gone).await;
        let _ = Writes(1).gone(&writes_gone).await;
        let _ = go(&alone).await;
        let asked = [reads, writes, reads_gone, writes_gone, alone].map(|script| script.asked().len());
        assert_eq!(asked, [3, 5, 2, 3, 1]);
    })
    .await;
}
