//! Every key, on functions of every attribute and on handles, in every layer: it has an effect, or is refused, or is reported
//! as a finding that names key, site and reason and shown as without effect. Never two of these.

use std::collections::BTreeSet;

use resilience_runtime::{registry, testing};

use super::layers::Layer;
use super::plain::{BUILT, HANDLE, PLAIN};
use super::said::Said;
use super::scenes::Scene;
use super::subject::{Subject, play_with};
use super::words::attribute::ATTRIBUTES;
use super::{CASES, join};

/// What is seen of each function with one value of a key, and what is said then. All of them in one world: to load settings
/// takes longer than to play a scene, and each has a service of its own.
async fn world(
    all: &[Subject],
    layer: Layer,
    around: &str,
    (key, value): (&str, &str),
    scene: Scene,
) -> Result<Vec<(String, Said)>, String> {
    testing::isolated(async {
        layer.configure(all, around, &format!("{key} = {value}"))?;
        let mut seen = Vec::new();
        for of in all {
            let played = play_with(*of, scene).await;
            // The kind of a service is shown to operators, whatever its functions do.
            let kind = registry().service(of.service).expect("it has been called").policy().kind;
            seen.push(format!("{kind:?} {played}"));
        }
        // Handles are known from their first call on.
        let said = Said::of(all.iter().map(|of| (*of, key.to_owned())));
        Ok(seen.into_iter().zip(said).collect())
    })
    .await
}

/// What is wrong with this layer's handling of a key.
async fn faults_of(all: &[Subject], layer: Layer, case: usize) -> Vec<String> {
    let (key, scene, around, [one, other]) = CASES[case];
    let (around, key) = join(around, key);
    let ones = world(all, layer, &around, (&key, one), scene).await;
    let others = world(all, layer, &around, (&key, other), scene).await;
    let faults: Vec<(&str, String)> = match (ones, others) {
        (Ok(ones), Ok(others)) => {
            let each = all.iter().zip(ones.into_iter().zip(others));
            each.filter_map(|(of, ((one, _), (other, said)))| {
                let fault = said.fault(one != other)?;
                Some((of.attribute, format!("{fault}\none {one}\nother {other}")))
            })
            .collect()
        }
        (Err(one), Err(other)) if layer == Layer::SiteOverride => {
            let names = |of: &&Subject| {
                let name =
                    format!("error: `overrides.\"{}@{}\".{key}` has no place here", of.service, of.path);
                one.contains(&name) && other.contains(&name)
            };
            let unnamed = all.iter().filter(|of| !names(of));
            unnamed.map(|of| (of.attribute, format!("the refusal does not name it: {one}"))).collect()
        }
        (ones, others) => vec![("all", format!("is refused: {ones:?} {others:?}"))],
    };
    faults.into_iter().map(|(of, fault)| format!("`{key}` by {layer:?} at {of}: {fault}")).collect()
}

async fn walk(layer: Layer, handles: &[Subject]) {
    let all = [PLAIN, handles].concat();
    let mut faults = Vec::new();
    for case in 0..CASES.len() {
        faults.extend(faults_of(&all, layer, case).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_key_in_a_file_acts_or_is_said_not_to() {
    walk(Layer::File, &[HANDLE]).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_of_an_update_or_a_builder_acts_or_is_said_not_to() {
    walk(Layer::Update, &[HANDLE, BUILT]).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_of_an_override_acts_or_is_said_not_to() {
    walk(Layer::Override, &[HANDLE]).await;
}

/// The place of a handle in the source is no name that anybody writes in a file.
#[tokio::test(start_paused = true)]
async fn a_key_of_an_override_of_one_function_acts_or_is_refused_or_said_not_to() {
    walk(Layer::SiteOverride, &[]).await;
}

#[test]
fn every_attribute_is_walked() {
    let all: BTreeSet<&str> = ATTRIBUTES.iter().map(|attribute| attribute.name).collect();
    assert_eq!(all, PLAIN.iter().map(|of| of.attribute).collect());
}
