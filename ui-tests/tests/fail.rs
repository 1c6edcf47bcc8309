//! Every refusal, word for word. `TRYBUILD=overwrite` writes the messages again, with the compiler that
//! `rust-toolchain.toml` names.

#[test]
fn refusals_are_worded_and_marked() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}
