//! Methods of one name in one module are told apart by their types.

use resilience_runtime::config::FindingKind;
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
            "[services.of_methods]\nbreaker = 'off'\n\
             [overrides.\"of_methods@{here}::Writes::go\"]\nmax_attempts = 5\n\
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

mod one {
    pub(super) struct Same;
}

mod other {
    pub(super) struct Same;
}

struct Of<T>(T);

/// A method of one name for each type, which the path of an override does not tell apart.
macro_rules! also_goes {
    ($($of:ident for $name:ty),+) => {$(
        trait $of {
            async fn go(&self, script: &Script) -> Result<u32, Fault>;
        }

        impl $of for $name {
            #[comprehensive_retry("of_one_path", base_delay = 0)]
            async fn go(&self, script: &Script) -> Result<u32, Fault> {
                script.step().await
            }
        }
    )+};
}

also_goes!(A for Reads, B for Reads, C for one::Same, D for other::Same, E for [u8], F for (u8, u8));

impl Of<u8> {
    #[comprehensive_retry("of_one_path", base_delay = 0)]
    async fn go(&self, script: &Script) -> Result<u32, Fault> {
        let _ = self.0;
        script.step().await
    }
}

impl Of<u16> {
    #[comprehensive_retry("of_one_path", base_delay = 0)]
    async fn go(&self, script: &Script) -> Result<u32, Fault> {
        let _ = self.0;
        script.step().await
    }
}

/// How often each of those methods ran its body, which always fails.
async fn runs_of_each() -> Vec<usize> {
    let scripts: Vec<Script> = (0..8).map(|_| Script::new([Fail(Fault::Down)])).collect();
    let _ = A::go(&Reads, &scripts[0]).await;
    let _ = B::go(&Reads, &scripts[1]).await;
    let _ = C::go(&one::Same, &scripts[2]).await;
    let _ = D::go(&other::Same, &scripts[3]).await;
    let _ = E::go(&[1_u8][..], &scripts[4]).await;
    let _ = F::go(&(1, 2), &scripts[5]).await;
    let _ = Of(1_u8).go(&scripts[6]).await;
    let _ = Of(1_u16).go(&scripts[7]).await;
    scripts.iter().map(|script| script.asked().len()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_override_can_mean_each_function_alone_whatever_they_have_in_common() {
    testing::isolated(async {
        let sites: Vec<&Site> = resilience_runtime::inventory()
            .into_iter()
            .filter(|site| site.service() == "of_one_path")
            .collect();
        let paths: std::collections::BTreeSet<String> = sites.iter().map(|site| site.path()).collect();
        assert_eq!((sites.len(), paths.len()), (8, 8), "{paths:?}");
        let configure = |paths: &mut dyn Iterator<Item = (&str, usize)>| {
            let over = paths.map(|(path, attempts)| {
                format!("[overrides.\"of_one_path@{path}\"]\nmax_attempts = {attempts}\n")
            });
            let text = format!(
                "[services.of_one_path]\nbudget = 'off'\nbreaker = 'off'\n{}",
                over.collect::<String>()
            );
            registry().load_config(&text, "test.toml").expect("a good file")
        };
        let found = configure(&mut paths.iter().map(String::as_str).zip(2..));
        assert!(found.iter().all(|finding| finding.service() != "of_one_path"), "{found:?}");
        let mut runs = runs_of_each().await;
        runs.sort_unstable();
        assert_eq!(runs, [2, 3, 4, 5, 6, 7, 8, 9]);

        let here = module_path!();
        let (client, same, of) =
            (format!("{here}::Reads::go"), format!("{here}::Same::go"), format!("{here}::Of::go"));
        let found = configure(&mut [(&*client, 4), (&*same, 5), (&*of, 6)].into_iter());
        let found: Vec<_> =
            found.iter().filter(|finding| finding.kind() == FindingKind::AmbiguousOverride).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        for finding in &found {
            let named = paths.iter().filter(|path| finding.message().contains(path.as_str()));
            assert_eq!((finding.service(), named.count()), ("of_one_path", 2), "{finding}");
        }
        assert_eq!(runs_of_each().await, [4, 4, 5, 5, 3, 3, 6, 6]);
    })
    .await;
}
