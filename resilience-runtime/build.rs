//! Exists so that `links` may be set: cargo then refuses a program with two registries.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
